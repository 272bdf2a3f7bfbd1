"""The catalogue: stages with their settings, components, metrics."""
