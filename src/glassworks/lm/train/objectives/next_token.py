"""Next token: at each position, minus the log of the probability that the model gave to what really came.

Softmax and logarithm are in fp32 whatever the model computes in. Positions whose mask is false count for nothing: they
are read, but nothing is learned from guessing them.

Legend: B batch, T time, V vocabulary, N positions (B x T).
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from glassworks.lm.model.forward import Wish
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.train.objectives.base import Objective, ObjectiveConfig

IGNORED = -100


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
        logits_BTV: Tensor = model(inputs_BT, segments_BS=segments_BT, wishes=wishes)
        logits_NV = logits_BTV.float().flatten(0, 1)
        targets_N = targets_BT.flatten()
        if mask_BT is not None:
            targets_N = torch.where(mask_BT.flatten(), targets_N, IGNORED)
        return functional.cross_entropy(logits_NV, targets_N, ignore_index=IGNORED, reduction="sum")
