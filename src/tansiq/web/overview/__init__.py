"""The first page of each position, and its wall view."""
