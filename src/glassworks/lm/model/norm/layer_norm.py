"""LayerNorm: mean 0, variance 1, then a learned scale and shift.

Idea: every part reads numbers of one size, whatever the parts before it have written into the stream. Unlike RMSNorm the
mean is taken off too.

Formula: y = (x - mean(x)) / sqrt(mean((x - mean(x))^2) + eps) * weight + bias
Shapes: x (..., width) -> y (..., width); weight (width), bias (width), or none.
Source: Ba et al. 2016, "Layer Normalization".

Unusual: PyTorch's own form is used; it takes mean and variance in fp32 whatever the dtype of x.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import layer_norm

from glassworks.lm.estimate.table import ShapeRow, product, vector
from glassworks.lm.model.norm.base import Norm, NormConfig


class LayerNormConfig(NormConfig):
    kind: Literal["layer_norm"] = Field(default="layer_norm", description="Mean 0, variance 1.")
    eps: float = Field(
        default=1e-5, gt=0.0, le=0.1, description="Added below the root, against division by zero."
    )
    has_weight: bool = Field(
        default=True, description="Learn a scale for each of the width's numbers."
    )
    has_bias: bool = Field(
        default=True, description="Learn a shift for each of the width's numbers."
    )

    def shapes(self, part: str, width: int, copies: int = 1) -> list[ShapeRow]:
        rows = [product("norm", part, 0.0, num_kept=2 * width * copies)]
        rows += [vector("weight", part, width)] if self.has_weight else []
        return rows + ([vector("bias", part, width)] if self.has_bias else [])


class LayerNorm(Norm):
    Config: ClassVar[type[NormConfig]] = LayerNormConfig

    def __init__(self, config: LayerNormConfig, width: int) -> None:
        super().__init__()
        self.width, self.eps = width, config.eps
        self.weight = nn.Parameter(torch.empty(width)) if config.has_weight else None
        self.bias = nn.Parameter(torch.empty(width)) if config.has_bias else None

    def initialize(self, generator: torch.Generator) -> None:
        if self.weight is not None:
            nn.init.ones_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return layer_norm(x, (self.width,), self.weight, self.bias, self.eps)


def layer_norm_reference(
    x: Tensor, eps: float, weight: Tensor | None = None, bias: Tensor | None = None
) -> Tensor:
    """The formula as it stands."""
    centered = x - x.mean(-1, keepdim=True)
    y = centered / torch.sqrt(centered.square().mean(-1, keepdim=True) + eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias
