"""The guides of the roles, as pages of the node: what a position reads while it works."""
