"""The review of a page of groups: what its script is told, and the script itself."""
