"""From a batch of uint8 crops to the network's input."""
