"""The verdicts on what the report claims."""
