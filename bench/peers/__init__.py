"""Other programs that the measurements are compared with."""
