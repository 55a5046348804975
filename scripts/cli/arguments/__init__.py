"""What a user typed, before and instead of Hydra's own reading of it."""
