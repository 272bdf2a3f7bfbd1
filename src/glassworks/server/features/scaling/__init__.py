"""Scaling laws through finished runs, and the promises made from them."""
