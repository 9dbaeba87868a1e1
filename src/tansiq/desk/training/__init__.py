"""Training: what is taught where and when, what it came to, and what moves when dates move."""
