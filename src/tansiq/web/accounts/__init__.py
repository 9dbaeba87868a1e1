"""Persons (roster numbers) and the positions they may sign on at. Never names of people."""
