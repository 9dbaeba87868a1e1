"""The room of the links: how each partner stands, what waits for it, what its people must hear."""
