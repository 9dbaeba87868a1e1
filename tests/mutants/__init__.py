"""Planted faults: each must be noticed by the test that is named for it."""
