"""House rules as tests; every failure says why the rule is there and what to do instead."""
