"""What is trained: the Lightning module, and the plain networks, heads and metrics it is built from."""
