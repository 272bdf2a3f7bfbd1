"""What an objective is: a batch and a model in, a sum of losses and what it is divided by out.

Sum and count are kept apart, so that a batch computed in pieces gives the mean of the whole.

Legend: B batch, T time.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from torch import Tensor

from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.model.forward import Wish
from glassworks.lm.model.transformer import Transformer
from glassworks.specs.base import Config


class ObjectiveConfig(Config):
    """What all objectives share. `kind` is the file's name."""

    kind: str


class Objective(ABC):
    """The loss of one piece of a batch."""

    Config: ClassVar[type[ObjectiveConfig]]
    is_chat: ClassVar[bool] = False
    """Whether it learns to answer, so that what is sampled on the way is asked in a turn."""

    def __init__(self, config: Any) -> None:
        self.config = config

    def check(self, reader: TokenReader) -> str:
        """What a person should know of learning from these tokens; empty: nothing. Raises InvalidSpec where they do not fit."""
        return ""

    @abstractmethod
    def loss_sum(
        self,
        model: Transformer,
        inputs_BT: Tensor,
        targets_BT: Tensor,
        mask_BT: Tensor | None,
        segments_BT: Tensor | None = None,
        wishes: list[Wish] | None = None,
    ) -> Tensor:
        """Sum of the losses, in nats, over the positions where `mask_BT` is true (all, when it is None).

        `segments_BT`: the document of each position; given, attention stays inside documents. `wishes`: handed to the
        model, whose parts leave losses of their own there; they are no part of the sum.
        """
