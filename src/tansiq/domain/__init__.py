"""Values and decisions. Standard library only, no IO except reading its own word lists."""
