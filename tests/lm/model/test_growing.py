"""A model with a longer vocabulary: what it has learned stays bit for bit, and new tokens cost old text hardly anything."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from glassworks.lm.model.growing import grow_vocabulary
from glassworks.lm.model.transformer import Transformer
from tests.lm.model.tiny import VOCAB_SIZE, shaken_model, some_ids, tiny_architecture

NEW = 5


def model_of(is_tied: bool) -> Transformer:
    return shaken_model(tiny_architecture(is_tied=is_tied))


@pytest.mark.parametrize("is_tied", [True, False])
def test_old_tokens_score_as_before(is_tied: bool) -> None:
    model = model_of(is_tied)
    longer = grow_vocabulary(model, VOCAB_SIZE, VOCAB_SIZE + NEW, seed=1)
    assert longer.vocab_size == VOCAB_SIZE + NEW
    assert (longer.head is None) == is_tied
    ids_BT = some_ids(1, 12)
    with torch.no_grad():
        before_BTV, after_BTV = model(ids_BT), longer(ids_BT)
    assert torch.allclose(before_BTV, after_BTV[..., :VOCAB_SIZE], atol=1e-6)
    for name, old in model.named_parameters():
        assert torch.equal(dict(longer.named_parameters())[name][: len(old)], old)
    before, after = (
        float(cross_entropy(logits[0, :-1, :], ids_BT[0, 1:])) for logits in (before_BTV, after_BTV)
    )
    assert before < after <= before + math.log(1 + NEW / VOCAB_SIZE) + 1e-3


def test_new_rows_are_the_mean_and_not_each_other() -> None:
    model = model_of(is_tied=False)
    rows = grow_vocabulary(model, VOCAB_SIZE, VOCAB_SIZE + NEW, seed=1).embedding.weight
    old, new = rows[:VOCAB_SIZE], rows[VOCAB_SIZE:]
    spread = float(old.detach().std(dim=0).max())
    assert float((new - old.mean(dim=0)).detach().abs().max()) < 0.06 * spread
    assert len({tuple(row.tolist()) for row in new}) == NEW
    again = grow_vocabulary(model, VOCAB_SIZE, VOCAB_SIZE + NEW, seed=1).embedding.weight
    other = grow_vocabulary(model, VOCAB_SIZE, VOCAB_SIZE + NEW, seed=2).embedding.weight
    assert torch.equal(again, rows)
    assert not torch.equal(other, rows)


def test_rows_that_stood_for_nothing_are_new_too() -> None:
    """A model may have had spare rows: they were pushed down as never right, which would haunt a new token."""
    model = model_of(is_tied=True)
    with torch.no_grad():
        model.embedding.weight[-3:] = 100.0
    longer = grow_vocabulary(model, VOCAB_SIZE - 3, VOCAB_SIZE, seed=1)
    assert float(longer.embedding.weight.detach().abs().max()) < 100


def test_nothing_new_changes_nothing() -> None:
    model = model_of(is_tied=True)
    same = grow_vocabulary(model, VOCAB_SIZE, VOCAB_SIZE, seed=1)
    for name, old in model.named_parameters():
        assert torch.equal(dict(same.named_parameters())[name], old)
