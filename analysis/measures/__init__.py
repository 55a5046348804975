"""How well a grouping agrees with the products."""
