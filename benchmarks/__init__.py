"""All that is timed. `glassworks bench NAME` runs `benchmarks/NAME.py` from a checkout."""
