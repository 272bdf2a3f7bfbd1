"""The slice `live`; see `endpoints.py`."""
