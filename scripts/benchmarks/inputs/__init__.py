"""Made-up embeddings, crops and shelves to measure on."""
