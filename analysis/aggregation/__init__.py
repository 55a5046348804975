"""From boxes and clusters to congregations: where the items of a cluster stand together."""
