"""Measurements. Each prints figures as JSON with --json; none is a test."""
