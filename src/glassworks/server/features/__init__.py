"""One folder a feature: `endpoints.py` with its `router`, `schemas.py`, and `service.py` where there is work. No list."""
