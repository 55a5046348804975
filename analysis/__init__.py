"""The algorithms of the method, usable and testable without any training framework."""
