"""Names of groups, from crops of products whose names are known."""
