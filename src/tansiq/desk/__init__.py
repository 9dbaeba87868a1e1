"""The use cases: the only callers of log, board, sync and policy together."""
