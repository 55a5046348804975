"""How a crop becomes the network's input."""
