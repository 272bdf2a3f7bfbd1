"""Tiny models for tests: sizes at which every matrix can be looked at, and weights that are nowhere zero."""

from typing import Any

import torch
from torch import Tensor

from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.transformer import Transformer, build_model

VOCAB_SIZE = 11


def tiny_architecture(**changes: Any) -> ArchitectureConfig:
    """Two layers of 8 numbers, two heads of 4, context 12; `changes` as in an architecture document."""
    base: dict[str, Any] = {"vocab_size": VOCAB_SIZE, "context": 12, "width": 8, "layers": 2}
    feed_forward = {"hidden": 12, **changes.pop("feed_forward", {})}
    return parse_architecture({**base, "feed_forward": feed_forward, **changes})


def shaken_model(architecture: ArchitectureConfig, seed: int = 1) -> Transformer:
    """A model all of whose weights are random: fresh ones have zeros that would hide mistakes."""
    model = build_model(architecture)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float32)
            parameter.copy_(0.5 * noise + (1.0 if parameter.ndim == 1 else 0.0))
    return model.eval()


def some_ids(num_rows: int, num_positions: int, seed: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, VOCAB_SIZE, (num_rows, num_positions), generator=generator)
