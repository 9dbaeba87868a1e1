"""Support as a room of the desk: what its requests say together."""
