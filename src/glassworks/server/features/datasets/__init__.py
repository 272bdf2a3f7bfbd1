"""Datasets: what is in them, where they come from, what was done to them, who uses them."""
