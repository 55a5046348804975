"""Which crops make a batch, and which of them each process takes."""
