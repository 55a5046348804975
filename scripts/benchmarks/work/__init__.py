"""The work that benchmarks time: this project's, its peers', and the least that could do it."""
