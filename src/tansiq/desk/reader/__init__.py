"""What people write, read: positions in any notation. Knows no desk, no log and no board."""
