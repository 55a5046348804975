"""Where crops and photos come from; every source has the same `load() -> SourceData`."""
