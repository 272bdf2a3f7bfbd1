"""The slice `machine`; see `endpoints.py`."""
