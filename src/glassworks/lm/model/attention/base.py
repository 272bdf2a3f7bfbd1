"""The contract of an attention component: x_BTD -> y_BTD, each position seeing itself and what is before it."""

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow
from glassworks.lm.model.cache import LayerBuffers, LayerCache
from glassworks.lm.model.component import ComponentConfig
from glassworks.lm.model.forward import ForwardPass
from glassworks.lm.model.norm.base import Norm, NormConfig
from glassworks.lm.model.position.base import Position, PositionConfig

MakeNorm = Callable[[int], Norm]
Scores = tuple[Tensor, Tensor | None]
"""Scores of all pairs by head in fp32, and what is added before softmax: minus infinity where nothing may be seen."""


class AttentionConfig(ComponentConfig):
    @abstractmethod
    def rotated_width(self, width: int) -> int:
        """Numbers per head that a position component turns."""

    @abstractmethod
    def check(self, width: int, position: PositionConfig) -> None:
        """Raise InvalidSpec, saying what to change, when this cannot be built at this width."""

    @abstractmethod
    def shapes(self, width: int, context: int, norm: NormConfig) -> list[ShapeRow]:
        """Rows of the weights and of the two products between activations."""

    @abstractmethod
    def num_cached_per_token(self, width: int) -> int:
        """Numbers that one layer's cache keeps for a position."""


class Attention(nn.Module):
    Config: ClassVar[type[AttentionConfig]]

    @abstractmethod
    def initialize(self, generator: torch.Generator) -> None:
        """Fill the weights; the projection back starts at zero."""

    def join(self) -> None:
        """Let one product do where several read the same, see `Transformer.lay_out_for_writing`; nothing unless a variant says so."""
        return

    @abstractmethod
    def new_buffers(self, num_rows: int, capacity: int) -> LayerBuffers:
        """Empty buffers for a cache of `capacity` positions, in the weights' dtype and device."""

    @abstractmethod
    def forward(
        self, x_BTD: Tensor, position: Position, scope: ForwardPass, cache: LayerCache | None
    ) -> Tensor:
        """Look around: x_BTD -> y_BTD."""

    def scores(self, x_BTD: Tensor, position: Position, scope: ForwardPass) -> Scores | None:
        """What softmax would be taken of, for who wants to see it, by the plain formula; None: there is no such thing."""
        return None
