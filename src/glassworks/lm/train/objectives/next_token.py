"""Next token: at each position, minus the log of the probability that the model gave to what really came.

Softmax and logarithm are in fp32 whatever the model computes in. Positions whose mask is false count for nothing: they
are read, but nothing is learned from guessing them.

Legend: B batch, T time, D width, N positions (B x T).
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.model.forward import Wish
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.train.objectives._head_loss import IGNORED, head_loss
from glassworks.lm.train.objectives.base import Objective, ObjectiveConfig


class NextTokenConfig(ObjectiveConfig):
    """Settings of next-token prediction: none yet."""

    kind: Literal["next_token"] = Field(
        default="next_token", description="Guess each next token from those before it."
    )


class NextToken(Objective):
    """- sum over trained positions of ln p(target)."""

    Config: ClassVar[type[ObjectiveConfig]] = NextTokenConfig

    def loss_sum(
        self,
        model: Transformer,
        inputs_BT: Tensor,
        targets_BT: Tensor,
        mask_BT: Tensor | None,
        segments_BT: Tensor | None = None,
        wishes: list[Wish] | None = None,
    ) -> Tensor:
        x_BTD = model.hidden(inputs_BT, segments_BS=segments_BT, wishes=wishes)
        targets_N = targets_BT.flatten()
        if mask_BT is not None:
            targets_N = torch.where(mask_BT.flatten(), targets_N, IGNORED)
        cap = model.architecture.logit_cap
        return head_loss(x_BTD.flatten(0, 1), model.head_weight, targets_N, cap)
