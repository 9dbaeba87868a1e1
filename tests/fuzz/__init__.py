"""Ten thousand inputs that nobody should send: typed errors only, in bounded memory and time."""
