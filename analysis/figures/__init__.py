"""Functions that return a matplotlib ``Figure``; the caller saves, logs and drops it."""
