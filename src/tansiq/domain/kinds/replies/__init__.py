"""What a party says back about a record: it was seen, or it is disputed."""
