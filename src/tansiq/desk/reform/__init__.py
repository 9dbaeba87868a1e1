"""The reform programme: how far each project is, and what all of them say together."""
