"""What all commands share: readable errors, sweeps, help."""
