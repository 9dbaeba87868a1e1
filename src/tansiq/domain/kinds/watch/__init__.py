"""The watch floor: incidents and lines of the duty log."""
