"""The packages of the rendered shelves: catalogue, print and shape."""
