"""Squared ReLU: two matrices with max(0, x)^2 between them.

Idea: each hidden unit is a detector that fires on a pattern in the residual stream (`up`), and writes something back when
it fires (`down`). Squaring makes strong matches count more; about as good as a gated unit with two matrices, not three.

Formula: y = down(max(0, up(x))^2)
Shapes: x_BTD -> hidden_BTF -> y_BTD; up (F, D), down (D, F).
Source: So et al. 2021, "Primer: Searching for Efficient Transformers for Language Modeling".
Letters: B rows, T positions, D width, F hidden size.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.estimate.table import ShapeRow, matrix
from glassworks.lm.model.component import Linear, fill_linear, fill_zeros
from glassworks.lm.model.feed_forward.base import FeedForward, FeedForwardConfig


class SquaredReLUConfig(FeedForwardConfig):
    kind: Literal["squared_relu"] = Field(
        default="squared_relu", description="Two matrices, squared ReLU between them."
    )

    def shapes(self, width: int) -> list[ShapeRow]:
        hidden = self.hidden_width(width)
        return [
            matrix("up.weight", "feed-forward", hidden, width),
            matrix("down.weight", "feed-forward", width, hidden, num_kept=2 * hidden),
        ]


class SquaredReLU(FeedForward):
    Config: ClassVar[type[FeedForwardConfig]] = SquaredReLUConfig

    def __init__(self, config: SquaredReLUConfig, width: int) -> None:
        super().__init__()
        hidden = config.hidden_width(width)
        self.up = Linear(width, hidden)
        self.down = Linear(hidden, width)

    def initialize(self, generator: torch.Generator) -> None:
        fill_linear(self.up, generator)
        fill_zeros(self.down)

    def forward(self, x_BTD: Tensor) -> Tensor:
        hidden_BTF = torch.relu(self.up(x_BTD)).square()
        y_BTD: Tensor = self.down(hidden_BTF)
        return y_BTD
