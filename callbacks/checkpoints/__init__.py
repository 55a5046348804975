"""When and how a training keeps checkpoints."""
