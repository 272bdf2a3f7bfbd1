"""Learned positions: a vector for each place, added to the embedded token.

Idea: the model learns what it means to be first, second, third, as it learns what a word means. Simple and good inside the
context that it was trained with; beyond it there are no vectors, so the context is fixed for good.

Formula: x[t] -> x[t] + weight[t]
Shapes: x_BTD in and out; weight (context, D).
Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2).
Letters: B rows, T positions, D width.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow
from glassworks.lm.model.component import fill_normal
from glassworks.lm.model.position.base import Position, PositionConfig


class LearnedConfig(PositionConfig):
    kind: Literal["learned"] = Field(default="learned", description="A learned vector per place.")

    def check_head_width(self, head_width: int) -> str:
        return ""

    def shapes(self, width: int, context: int) -> list[ShapeRow]:
        shape = (context, width)
        return [
            ShapeRow(name="weight", part="position", shape=shape, num_parameters=context * width)
        ]


class Learned(Position):
    Config: ClassVar[type[PositionConfig]] = LearnedConfig

    def __init__(self, config: LearnedConfig, width: int, context: int, head_width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(context, width))

    def initialize(self, generator: torch.Generator, std: float) -> None:
        fill_normal(self.weight, std, generator)

    def embed(self, x_BTD: Tensor, start: int) -> Tensor:
        return x_BTD + self.weight[start : start + x_BTD.shape[1]]


def embed_reference(x_BTD: Tensor, start: int, weight: Tensor) -> Tensor:
    """The formula, place by place."""
    return torch.stack([x_BTD[:, t] + weight[start + t] for t in range(x_BTD.shape[1])], dim=1)
