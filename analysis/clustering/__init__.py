"""Grouping embeddings into products; every clusterer has the same ``fit(embeddings) -> ClusteringResult``."""
