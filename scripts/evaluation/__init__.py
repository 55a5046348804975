"""Measuring checkpoints on photos that they were not trained on."""
