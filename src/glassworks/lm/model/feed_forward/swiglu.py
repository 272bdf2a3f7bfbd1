"""SwiGLU: a hidden layer whose units are opened and closed by a gate.

Idea: `up` proposes what to write, `gate` decides how much of it, both from the same input; their product goes `down`. The
multiplication lets a unit ask for two things at once. Three matrices, so the hidden size is 8/3 of the width where a
plain part has 4: the same number of weights.

Formula: y = down(silu(gate(x)) * up(x)),  silu(z) = z / (1 + exp(-z))
Shapes: x_BTD -> hidden_BTF -> y_BTD; gate (F, D), up (F, D), down (D, F).
Source: Shazeer 2020, "GLU Variants Improve Transformer".
Letters: B rows, T positions, D width, F hidden size.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import silu

from glassworks.lm.estimate.table import ShapeRow, linear
from glassworks.lm.model.component import Linear, fill_linear, fill_zeros
from glassworks.lm.model.feed_forward.base import FeedForward, FeedForwardConfig
from glassworks.lm.model.forward import ForwardPass


class SwiGLUConfig(FeedForwardConfig):
    kind: Literal["swiglu"] = Field(default="swiglu", description="Three matrices, one a gate.")
    multiple: float = Field(
        default=8 / 3, gt=0, le=64, description="Hidden size as a multiple of the width."
    )

    def shapes(self, width: int) -> list[ShapeRow]:
        hidden = self.hidden_width(width)
        return [
            *linear("gate", "feed-forward", hidden, width, self.has_bias, num_kept=hidden),
            *linear("up", "feed-forward", hidden, width, self.has_bias, num_kept=hidden),
            *linear("down", "feed-forward", width, hidden, self.has_bias, num_kept=2 * hidden),
        ]


class SwiGLU(FeedForward):
    Config: ClassVar[type[FeedForwardConfig]] = SwiGLUConfig

    def __init__(self, config: SwiGLUConfig, width: int) -> None:
        super().__init__()
        hidden = config.hidden_width(width)
        self.gate = Linear(width, hidden, config.has_bias)
        self.up = Linear(width, hidden, config.has_bias)
        self.down = Linear(hidden, width, config.has_bias)

    def initialize(self, generator: torch.Generator) -> None:
        fill_linear(self.gate, generator)
        fill_linear(self.up, generator)
        fill_zeros(self.down)

    def forward(self, x_BTD: Tensor, scope: ForwardPass) -> Tensor:
        hidden_BTF = silu(self.gate(x_BTD)) * self.up(x_BTD)
        y_BTD: Tensor = self.down(hidden_BTF)
        return y_BTD
