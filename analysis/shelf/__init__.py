"""From boxes to the shelf: its rows, what stands on what, and how much of it each product has."""
