"""When things are computed during training: guard, gather, call analysis, log."""
