"""One reader per box file format, behind one interface (photos.Format)."""
