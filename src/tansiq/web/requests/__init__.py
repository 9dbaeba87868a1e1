"""Requests: what parties ask of one another."""
