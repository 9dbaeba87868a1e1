"""Support that parties ask of one another: from a need to a receipt."""
