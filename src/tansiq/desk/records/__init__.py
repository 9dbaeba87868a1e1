"""What a person writes and reads: records, lists, the inbox, imports, tombstones."""
