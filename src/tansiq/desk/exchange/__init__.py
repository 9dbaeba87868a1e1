"""Parcels to and from a partner: made, opened, accepted, and mended after a restore."""
