"""The page on which a person judges an audit's findings."""
