"""A walk by someone who wants in: against served nodes over real sockets, and by every role."""
