"""Requests that a party makes of others: cases in lanes."""
