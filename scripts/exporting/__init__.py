"""What is taken away of a checkpoint: embeddings, the embedder as a graph or a small checkpoint."""
