"""What every room of the web stands in: edge, pages, forms, live topics, tables, lists, exits."""
