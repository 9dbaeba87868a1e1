"""Two worlds that differ only in what a viewer may not see give the same bytes at every exit."""
