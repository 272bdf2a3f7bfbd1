"""The recorded sample run: what a page plays before a person's own run has begun."""
