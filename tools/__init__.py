"""What builds and checks Tansiq; nothing in here runs on a node."""
