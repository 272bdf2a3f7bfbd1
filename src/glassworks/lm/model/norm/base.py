"""The contract of a norm: a module over the last dimension of any tensor, built for `width` numbers."""

from abc import abstractmethod
from typing import ClassVar

import torch
from torch import nn

from glassworks.lm.estimate.table import ShapeRow
from glassworks.lm.model.component import ComponentConfig


class NormConfig(ComponentConfig):
    @abstractmethod
    def shapes(self, part: str, width: int, copies: int = 1) -> list[ShapeRow]:
        """Rows of the weights; a position is normalized in `copies` pieces of `width` numbers."""


class Norm(nn.Module):
    Config: ClassVar[type[NormConfig]]

    def initialize(self, generator: torch.Generator) -> None:
        """Fill the weights, if there are any: a norm starts as the bare norm."""
