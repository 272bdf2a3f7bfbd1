"""The contract of a feed-forward part: x_BTD -> x_BTD, each position by itself."""

from abc import abstractmethod
from math import ceil
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow
from glassworks.lm.model.component import ComponentConfig
from glassworks.lm.model.forward import ForwardPass

ROUND_HIDDEN_TO = 32


class FeedForwardConfig(ComponentConfig):
    kind: str = ""
    multiple: float = Field(
        default=4.0, gt=0, le=64, description="Hidden size as a multiple of the width."
    )
    hidden: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Hidden size; empty: multiple times width, rounded up to a multiple of 32.",
    )

    has_bias: bool = Field(default=False, description="Add a bias after each matrix.")

    def check(self) -> None:
        """Raise InvalidSpec, saying what to change, when this cannot be built."""

    def hidden_width(self, width: int) -> int:
        """Numbers in the hidden layer."""
        if self.hidden is not None:
            return self.hidden
        return ceil(self.multiple * width / ROUND_HIDDEN_TO) * ROUND_HIDDEN_TO

    @abstractmethod
    def shapes(self, width: int) -> list[ShapeRow]:
        """Rows of the weights, and of the work without weights where there is some."""


class FeedForward(nn.Module):
    Config: ClassVar[type[FeedForwardConfig]]
    has_wishes: ClassVar[bool] = False
    """Whether it has a loss of its own, which it leaves in the pass's `wishes`."""
    has_open_shapes: ClassVar[bool] = False
    """Whether the sizes of its products depend on the numbers: it is not compiled then, for each batch were a program."""

    @abstractmethod
    def initialize(self, generator: torch.Generator) -> None:
        """Fill the weights; the projection back starts at zero."""

    def outlets(self) -> list[nn.Module]:
        """The matrices that write back to the stream: what they read are the hidden units, for who wants to see them."""
        return [module for name, module in self.named_modules() if name.split(".")[-1] == "down"]

    @abstractmethod
    def forward(self, x_BTD: Tensor, scope: ForwardPass) -> Tensor:
        """Think: x_BTD -> y_BTD. `scope` takes the wishes of parts that have any."""
