"""Support: what parties need of one another, from a need to a receipt."""
