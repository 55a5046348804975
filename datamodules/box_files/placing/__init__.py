"""Boxes held against their photo: turned with it, doubted, clipped to it."""
