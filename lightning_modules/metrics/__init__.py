"""Similarities between embeddings and anchors; the clustering uses the same metric."""
