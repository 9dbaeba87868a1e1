"""Requests for information: questions and their answers."""
