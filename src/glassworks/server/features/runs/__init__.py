"""The slice `runs`; see `endpoints.py`."""
