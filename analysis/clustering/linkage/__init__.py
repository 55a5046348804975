"""Average linkage; ``tree.average_linkage_tree`` is the door, all else here is how it copes with many rows."""
