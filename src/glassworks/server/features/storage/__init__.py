"""The slice `storage`; see `endpoints.py`."""
