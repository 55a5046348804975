"""Average linkage of many unit vectors without a distance matrix."""
