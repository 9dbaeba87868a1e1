"""The reform programme: the portfolio, projects and their evidence."""
