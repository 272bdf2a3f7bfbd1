"""The saved checkpoints of a run: list, check, keep, let go."""
