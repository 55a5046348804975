"""What a user runs: training's command line, grouping of photos, converters."""
