"""Crops decoded once and memory-mapped afterwards."""
