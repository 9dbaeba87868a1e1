"""Several real nodes in one process: a seed decides everything that happens to them."""
