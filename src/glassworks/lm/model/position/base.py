"""The contract of a position component.

One module serves all layers. It may act in three places, and does nothing where it does not override: on the embedded
tokens (`embed`), on each head's queries and keys (`rotate`), and on the scores between them (`score_bias`).
"""

from abc import abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow
from glassworks.lm.model.component import ComponentConfig


class PositionConfig(ComponentConfig):
    @abstractmethod
    def check_head_width(self, head_width: int) -> str:
        """Why heads of this width do not work, in a few words; empty when they do."""

    def shapes(self, width: int, context: int) -> list[ShapeRow]:
        """Rows of the weights, if there are any."""
        return []


class Position(nn.Module):
    """Built for `context` positions of `width` numbers, and heads of `head_width`."""

    Config: ClassVar[type[PositionConfig]]
    has_score_bias: ClassVar[bool] = False

    def initialize(self, generator: torch.Generator, std: float) -> None:
        """Fill what there is to fill; `std`: the size of the fresh token embeddings."""

    def embed(self, x_BTD: Tensor, start: int) -> Tensor:
        """Act on the embedded tokens, whose first one is at position `start`."""
        return x_BTD

    def score_bias(self, distance_QS: Tensor, num_heads: int) -> Tensor:
        """What is added to the scores of a query and a key so far apart, (N, Q, S); asked if `has_score_bias`."""
        return distance_QS.new_zeros(num_heads, *distance_QS.shape)

    def rotate(self, x_BTNH: Tensor, start: int) -> Tensor:
        """Act on queries or keys, head by head."""
        return x_BTNH
