"""What a model will cost, before it is built: the shape table and arithmetic over it. Torch-free."""

from glassworks.lm.estimate.cost import (
    MemorySplit,
    cache_bytes_per_token,
    checkpoint_bytes,
    training_duration_s,
    training_flops_per_step,
    training_flops_per_token,
    training_memory,
    utilization,
)
from glassworks.lm.estimate.table import ShapeRow, ShapeTable

__all__ = [
    "MemorySplit",
    "ShapeRow",
    "ShapeTable",
    "cache_bytes_per_token",
    "checkpoint_bytes",
    "training_duration_s",
    "training_flops_per_step",
    "training_flops_per_token",
    "training_memory",
    "utilization",
]
