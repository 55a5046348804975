"""Is a training set what it says? Copies, duplicated and mixed classes, mislabelled crops, leaks of a random split."""
