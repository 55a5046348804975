"""Networks from a batch of normalised crops to one raw embedding per crop."""
