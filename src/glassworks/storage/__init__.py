"""What lies on disk: the store with its artifacts, runs and items. What exists is complete; the folders are the truth."""
