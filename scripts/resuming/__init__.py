"""Going on from a checkpoint, which may be a stranger's."""
