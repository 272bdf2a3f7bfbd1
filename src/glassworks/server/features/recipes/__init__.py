"""The slice `recipes`; see `endpoints.py`."""
