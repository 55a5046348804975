"""Training heads: from embeddings to one logit per training product. Dropped after training."""
