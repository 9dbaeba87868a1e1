"""What every room of the web stands in: the edge, pages, forms, live topics, the list of exits."""
