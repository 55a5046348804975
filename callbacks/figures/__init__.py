"""Callbacks that draw, and where figures go."""
