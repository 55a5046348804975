"""One reader per box file format."""
