"""The room of operations: safety messages."""
