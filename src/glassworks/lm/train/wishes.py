"""Losses that parts of a model have of their own, such as the balance of a mixture of experts, beside the objective's.

In: what the parts left during the passes over a batch, and which positions of each piece are trained. Out: the term that is
added to each piece's sum of losses, and one figure for each metric. The reported loss stays that of the text alone.

A row counts by its trained positions, as in the objective, so the sums of the pieces are the sum of the batch.

Letters: B rows, T positions.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from glassworks.lm.model.forward import Wish


@dataclass
class Wishes:
    """What is wished for during one batch: `begin` before a piece, `take` after its forward pass, `means` at the end."""

    _sums: dict[str, float] = field(default_factory=dict)
    _heard: list[Wish] = field(default_factory=list)

    def begin(self) -> list[Wish]:
        """An empty list for the parts to fill."""
        self._heard = []
        return self._heard

    def take(self, inputs_BT: Tensor, mask_BT: Tensor | None) -> Tensor:
        """The weighted sum over rows and parts, to be added to the piece's sum of losses."""
        if mask_BT is None:
            counted_B = torch.full_like(inputs_BT[:, 0], inputs_BT.shape[1])
        else:
            counted_B = mask_BT.sum(1)
        total = torch.zeros((), device=inputs_BT.device)
        by_metric: dict[str, list[Tensor]] = {}
        for wish in self._heard:
            loss = (wish.loss_B * counted_B).sum()
            total = total + wish.weight * loss
            by_metric.setdefault(wish.metric, []).append(loss.detach())
        for metric, losses in by_metric.items():
            mean = float(torch.stack(losses).mean())
            self._sums[metric] = self._sums.get(metric, 0.0) + mean
        return total

    def means(self, num_trained: int) -> dict[str, float]:
        """Each metric over the whole batch: the mean of its parts, unweighted."""
        return {metric: total / num_trained for metric, total in self._sums.items()}
