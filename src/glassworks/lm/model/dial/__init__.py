"""A whole model and its training from one number (`depth`) or from a time. `rules` has the rules; torch-free itself."""
