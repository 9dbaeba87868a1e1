"""Read models folded from the logs. Every table here can be dropped and rebuilt."""
