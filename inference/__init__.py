"""A trained checkpoint in Python: load it, embed crops, group photos."""
