"""Explanations: what a model read, and how it met it."""
