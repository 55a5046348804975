"""A person makes a grouping right: what was answered, the grouping with the answers, and which question comes next."""
