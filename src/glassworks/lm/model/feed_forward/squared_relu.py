"""Squared ReLU: two matrices with max(0, x)^2 between them.

Idea: each hidden unit is a detector that fires on a pattern in the residual stream (`up`), and writes something back when
it fires (`down`). Squaring makes strong matches count more; about as good as a gated unit with two matrices, not three.

Formula: y = down(max(0, up(x))^2)
Shapes: x_BTD -> hidden_BTF -> y_BTD; up (F, D), down (D, F).
Source: So et al. 2021, "Primer: Searching for Efficient Transformers for Language Modeling".
Letters: B rows, T positions, D width, F hidden size.

Unusual: the gradient is written out, dx = 2 max(0, x) dy. It is zero by itself where nothing fired, so that half of what
PyTorch would compute falls away.
"""

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.estimate.table import ShapeRow, linear
from glassworks.lm.model.component import Linear, fill_linear, fill_zeros
from glassworks.lm.model.feed_forward.base import FeedForward, FeedForwardConfig
from glassworks.lm.model.forward import ForwardPass


class SquaredReLUConfig(FeedForwardConfig):
    kind: Literal["squared_relu"] = Field(
        default="squared_relu", description="Two matrices, squared ReLU between them."
    )

    def shapes(self, width: int) -> list[ShapeRow]:
        hidden = self.hidden_width(width)
        return [
            *linear("up", "feed-forward", hidden, width, self.has_bias),
            *linear("down", "feed-forward", width, hidden, self.has_bias, num_kept=2 * hidden),
        ]


class SquaredReLU(FeedForward):
    Config: ClassVar[type[FeedForwardConfig]] = SquaredReLUConfig

    def __init__(self, config: SquaredReLUConfig, width: int) -> None:
        super().__init__()
        hidden = config.hidden_width(width)
        self.up = Linear(width, hidden, config.has_bias)
        self.down = Linear(hidden, width, config.has_bias)

    def initialize(self, generator: torch.Generator) -> None:
        fill_linear(self.up, generator)
        fill_zeros(self.down)

    def forward(self, x_BTD: Tensor, scope: ForwardPass) -> Tensor:
        hidden_BTF = _SquaredReLU.apply(self.up(x_BTD))  # type: ignore[no-untyped-call]
        y_BTD: Tensor = self.down(hidden_BTF)
        return y_BTD


class _SquaredReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        fired = torch.relu(x)
        ctx.save_for_backward(fired)
        return fired * fired

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        fired: Tensor = ctx.saved_tensors[0]
        return (gradients[0] * fired).mul_(2)
