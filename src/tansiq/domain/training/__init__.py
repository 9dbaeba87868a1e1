"""What training needs to be worked out, without IO: plans that make up for what was lost."""
