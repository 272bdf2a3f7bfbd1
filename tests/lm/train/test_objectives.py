"""Next token: the loss is the definition, and what is masked teaches nothing."""

import torch
from torch import Tensor

from glassworks.lm.train.objectives.next_token import NextToken, NextTokenConfig
from tests.lm.model.tiny import shaken_model, some_ids, tiny_architecture

OBJECTIVE = NextToken(NextTokenConfig())


def gradients(mask_BT: Tensor | None, targets_BT: Tensor) -> list[Tensor]:
    model = shaken_model(tiny_architecture())
    OBJECTIVE.loss_sum(model, some_ids(3, 12), targets_BT, mask_BT).backward()  # type: ignore[no-untyped-call]
    return [p.grad for p in model.parameters() if p.grad is not None]


def test_the_loss_is_minus_the_log_of_the_probability() -> None:
    model, ids_BT, targets_BT = (
        shaken_model(tiny_architecture()),
        some_ids(3, 12),
        some_ids(3, 12, 9),
    )
    mask_BT = some_ids(3, 12, 4) > 5
    with torch.no_grad():
        probabilities_BTV = torch.softmax(model(ids_BT).double(), dim=-1)
        expected_BT = -probabilities_BTV.gather(-1, targets_BT[..., None])[..., 0].log()
        found = OBJECTIVE.loss_sum(model, ids_BT, targets_BT, mask_BT)
        every = OBJECTIVE.loss_sum(model, ids_BT, targets_BT, None)
    torch.testing.assert_close(found.double(), (expected_BT * mask_BT).sum(), rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(every.double(), expected_BT.sum(), rtol=1e-5, atol=1e-4)


def test_a_masked_target_teaches_nothing() -> None:
    mask_BT = torch.ones(3, 12, dtype=torch.bool)
    mask_BT[1, 4] = False
    targets_BT = some_ids(3, 12, 9)
    other_BT = targets_BT.clone()
    other_BT[1, 4] = (targets_BT[1, 4] + 1) % 11
    same, without_mask = gradients(mask_BT, targets_BT), gradients(None, targets_BT)
    assert all(torch.equal(a, b) for a, b in zip(same, gradients(mask_BT, other_BT), strict=True))
    assert not all(
        torch.equal(a, b) for a, b in zip(without_mask, gradients(None, other_BT), strict=True)
    )


def test_a_batch_without_any_trained_position_gives_zero() -> None:
    nothing = torch.zeros(3, 12, dtype=torch.bool)
    assert all(not g.any() for g in gradients(nothing, some_ids(3, 12, 9)))
