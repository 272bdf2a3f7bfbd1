"""GELU: two matrices with a smooth gate between them.

Idea: each hidden unit is a detector for a pattern in the residual stream (`up`) and writes something back when it fires
(`down`). GELU lets a strong match through whole, shuts a mismatch out, and is smooth between: a number counts by the
chance that a normally distributed one is smaller.

Formula: y = down(gelu(up(x)));  exact: gelu(z) = z (1 + erf(z / sqrt(2))) / 2,
    tanh: gelu(z) = z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2, the approximation of GPT-2
Shapes: x_BTD -> hidden_BTF -> y_BTD; up (F, D), down (D, F).
Source: Hendrycks & Gimpel 2016, "Gaussian Error Linear Units".
Letters: B rows, T positions, D width, F hidden size.
"""

from math import pi, sqrt
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import gelu

from glassworks.lm.estimate.table import ShapeRow, linear
from glassworks.lm.model.component import Linear, fill_linear, fill_zeros
from glassworks.lm.model.feed_forward.base import FeedForward, FeedForwardConfig
from glassworks.lm.model.forward import ForwardPass

Form = Literal["exact", "tanh"]


class GELUConfig(FeedForwardConfig):
    kind: Literal["gelu"] = Field(default="gelu", description="Two matrices, GELU between them.")
    form: Form = Field(default="exact", description="The error function, or GPT-2's tanh.")

    def shapes(self, width: int) -> list[ShapeRow]:
        hidden = self.hidden_width(width)
        return [
            *linear("up", "feed-forward", hidden, width, self.has_bias),
            *linear("down", "feed-forward", width, hidden, self.has_bias, num_kept=2 * hidden),
        ]


class GELU(FeedForward):
    Config: ClassVar[type[FeedForwardConfig]] = GELUConfig

    def __init__(self, config: GELUConfig, width: int) -> None:
        super().__init__()
        hidden = config.hidden_width(width)
        self.up = Linear(width, hidden, config.has_bias)
        self.down = Linear(hidden, width, config.has_bias)
        self.approximate = "none" if config.form == "exact" else "tanh"

    def initialize(self, generator: torch.Generator) -> None:
        fill_linear(self.up, generator)
        fill_zeros(self.down)

    def forward(self, x_BTD: Tensor, scope: ForwardPass) -> Tensor:
        y_BTD: Tensor = self.down(gelu(self.up(x_BTD), approximate=self.approximate))
        return y_BTD


def gelu_reference(z: Tensor, form: Form) -> Tensor:
    """The formula as it stands."""
    if form == "exact":
        return z * (1 + torch.erf(z / sqrt(2))) / 2
    return z * (1 + torch.tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))) / 2
