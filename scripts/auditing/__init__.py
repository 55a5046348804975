"""What an audit writes: its record, the label map that it proposes, and the page on which a person judges it."""
