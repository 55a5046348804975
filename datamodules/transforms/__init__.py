"""How a crop becomes a square of pixels, once, before it is cached."""
