"""Random streams that know nothing of each other.

Each use of randomness has its own seed, a pure function of (run's seed, purpose, step). So a sample drawn at step 200
changes nothing of the batch at step 201, and a resume has no generator to restore: it asks for the same seed again.
"""

import hashlib

import torch


def derive_seed(seed: int, purpose: str, step: int) -> int:
    """A seed in [0, 2^31) for `purpose` at `step`."""
    digest = hashlib.sha256(f"{seed}/{purpose}/{step}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 2**31


def stream(seed: int, purpose: str, step: int) -> torch.Generator:
    """A fresh CPU generator for `purpose` at `step`."""
    return torch.Generator().manual_seed(derive_seed(seed, purpose, step))
