"""Projects: what keeps one person's threads apart."""
