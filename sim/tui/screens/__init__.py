"""One screen a file, one style sheet beside it."""
