"""The playground: models that answer at once, also while something trains."""
