"""What comes of reviews: groups with a person's answers, labelled boxes, and a checkpoint that learned from them."""
