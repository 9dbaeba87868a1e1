"""Files that go with records."""
