"""How far the findings of an audit may be trusted on the data set at hand."""
