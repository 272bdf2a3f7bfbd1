"""The head and its loss in one step, so that the scores of all positions are written only once.

    scores = cap(x W^T);  loss = - sum over trained positions of ln softmax(scores)[target]

The gradient with respect to a position's scores is softmax(scores) - one_hot(target), and it takes the place of the scores
in memory: nothing else of the size (positions, vocabulary) is ever held, and softmax and logarithm run in fp32 on a few
positions at a time, which stay in the processor's cache. `head_loss_reference` is the formula as it stands, with the
gradient left to PyTorch; a compiled program takes that one, since a compiler joins the operations itself.

Letters: N positions, D width, V vocabulary.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

from glassworks.lm.model.component import at_least_fp32, soft_cap

IGNORED = -100
"""The target of a position that does not count."""
SCORES_AT_ONCE = 2**20


def head_loss(x_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, cap: float | None) -> Tensor:
    """Sum of the losses in nats, of positions whose target is not `IGNORED`; `weight_VD` is the head, `cap` its soft cap."""
    if torch.compiler.is_compiling():
        return head_loss_reference(x_ND, weight_VD, targets_N, cap)
    loss: Tensor = _HeadLoss.apply(x_ND, weight_VD, targets_N, cap)  # type: ignore[no-untyped-call]
    return loss


def head_loss_reference(
    x_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, cap: float | None
) -> Tensor:
    scores_NV = soft_cap(linear(x_ND, weight_VD), cap)
    exact_NV = scores_NV.to(at_least_fp32(scores_NV.dtype))
    return cross_entropy(exact_NV, targets_N, ignore_index=IGNORED, reduction="sum")


class _HeadLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, cap: float | None
    ) -> Tensor:
        scores_NV = linear(x_ND, weight_VD)
        total = scores_NV.new_zeros((), dtype=at_least_fp32(scores_NV.dtype))
        num_rows = max(1, SCORES_AT_ONCE // len(weight_VD))
        for scores_RV, targets_R in zip(
            torch.split(scores_NV, num_rows), torch.split(targets_N, num_rows), strict=True
        ):
            total += _turn_into_gradient(scores_RV, targets_R, cap)
        ctx.save_for_backward(x_ND, weight_VD, scores_NV)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:
        x_ND, weight_VD, grad_NV = ctx.saved_tensors
        factor = gradients[0].to(x_ND.dtype)
        return (grad_NV @ weight_VD).mul_(factor), (grad_NV.T @ x_ND).mul_(factor), None, None


def _turn_into_gradient(scores_RV: Tensor, targets_R: Tensor, cap: float | None) -> Tensor:
    """Overwrite the scores of some positions with the gradient of their loss, and return its sum."""
    exact_RV = scores_RV.to(at_least_fp32(scores_RV.dtype))
    capped_RV = soft_cap(exact_RV, cap)
    logs_RV = torch.log_softmax(capped_RV, -1)
    is_ignored_R1 = (targets_R == IGNORED)[:, None]
    target_R1 = targets_R[:, None].clamp(min=0)
    loss_R1 = -logs_RV.gather(1, target_R1).masked_fill(is_ignored_R1, 0)
    grad_RV = logs_RV.exp_()
    grad_RV.scatter_add_(1, target_R1, -torch.ones_like(loss_R1))
    if cap is not None:
        grad_RV *= 1 - (capped_RV / cap).square()
    scores_RV.copy_(grad_RV)
    if is_ignored_R1.any():
        scores_RV.masked_fill_(is_ignored_R1, 0)
    return loss_R1.sum()
