"""The slice `architectures`; see `endpoints.py`."""
