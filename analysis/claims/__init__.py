"""Whether measured differences bear out what was claimed."""
