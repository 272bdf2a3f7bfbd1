"""Sweeps: what one would cost, and its table. Ordered like any run, `POST /api/runs` with a `sweep`."""
