"""Measuring time and memory, and the tables of what was measured."""
