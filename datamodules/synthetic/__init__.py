"""Synthetic shelves: rendered photos of packed retail shelves with known boxes and products."""
