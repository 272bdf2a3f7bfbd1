"""Pure graph: recipes, wiring, order, keys, and why a node runs again. No running, no disk except package data."""
