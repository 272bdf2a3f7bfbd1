"""One file an executor; the file name is its id."""
