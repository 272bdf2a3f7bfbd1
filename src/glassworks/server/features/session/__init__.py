"""The slice `session`; see `endpoints.py`."""
