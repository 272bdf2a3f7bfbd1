"""Sinusoidal positions: a fixed pattern of waves for each place, added to the embedded token.

Idea: waves of many lengths, each read at the token's place, like the hands of a clock that turn at different speeds. No
place has to be learned, and the pattern a fixed distance away is the same rotation of the pattern here.

Formula: x[t] -> x[t] + weight p[t];  p[t, 2i] = sin(t / theta^(2i/D)),  p[t, 2i+1] = cos(t / theta^(2i/D))
The weight is one learned number (has_weight), so that the waves find their size beside the embeddings; without it, 1.
Shapes: x_BTD in and out; table (context, D), not learned; weight (1).
Source: Vaswani et al. 2017, "Attention Is All You Need"; the weight: Li et al. 2019, "Neural Speech Synthesis with
Transformer Network".
Letters: B rows, T positions, D width.
"""

from math import cos, sin, sqrt
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow, vector
from glassworks.lm.model.position.base import Position, PositionConfig


class SinusoidalConfig(PositionConfig):
    kind: Literal["sinusoidal"] = Field(default="sinusoidal", description="Fixed waves.")
    theta: float = Field(
        default=10_000.0, gt=1.0, le=1e9, description="Base of the wave lengths: larger is slower."
    )
    has_weight: bool = Field(default=True, description="Learn how much the waves count.")

    def check_head_width(self, head_width: int) -> str:
        return ""

    def shapes(self, width: int, context: int) -> list[ShapeRow]:
        return [vector("weight", "position", 1)] if self.has_weight else []


class Sinusoidal(Position):
    Config: ClassVar[type[PositionConfig]] = SinusoidalConfig
    waves_TD: Tensor

    def __init__(self, config: SinusoidalConfig, width: int, context: int, head_width: int) -> None:
        super().__init__()
        exponents = torch.arange(0, width, 2, dtype=torch.float32, device="cpu") / width
        places = torch.arange(context, dtype=torch.float32, device="cpu")
        angles_TP = places[:, None] / config.theta**exponents
        pairs_TP2 = torch.stack([angles_TP.sin(), angles_TP.cos()], -1)
        waves_TD = pairs_TP2.flatten(1)[
            :, :width
        ]  # an odd width has a last sine without its cosine
        self.register_buffer("waves_TD", waves_TD, persistent=False)
        self.weight = nn.Parameter(torch.empty(1)) if config.has_weight else None

    def initialize(self, generator: torch.Generator, std: float) -> None:
        if self.weight is not None:  # the mean square of a wave is 1/2
            nn.init.constant_(self.weight, std * sqrt(2))

    def embed(self, x_BTD: Tensor, start: int) -> Tensor:
        waves_TD = self.waves_TD[start : start + x_BTD.shape[1]]
        return x_BTD + (waves_TD if self.weight is None else waves_TD * self.weight)


def embed_reference(x_BTD: Tensor, start: int, theta: float, weight: float = 1.0) -> Tensor:
    """The formula, number by number."""
    y_BTD, width = x_BTD.clone(), x_BTD.shape[2]
    for t in range(x_BTD.shape[1]):
        for d in range(width):
            angle = (start + t) / theta ** ((d - d % 2) / width)
            y_BTD[:, t, d] += weight * (cos(angle) if d % 2 else sin(angle))
    return y_BTD
