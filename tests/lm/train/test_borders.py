"""Attention stays inside documents unless it is asked to go across: proven by changing the neighbor."""

from pathlib import Path
from typing import Any

import pytest
import torch

from glassworks.lm.data import Batch, TokenReader
from glassworks.lm.train.objectives.next_token import NextToken, NextTokenConfig
from tests.lm.model.tiny import shaken_model
from tests.lm.train.tiny import (
    CONTEXT,
    loaded,
    make_trainer,
    saved,
    tiny_architecture,
    write_short_documents,
    write_tokens,
)

NUM = 8
"""Tokens of a document, with its end token."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_short_documents(tmp_path_factory.mktemp("tokens") / "plain")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_short_documents(tmp_path_factory.mktemp("tokens") / "changed", first_token=9)


def batch_of(folder: Path) -> Batch:
    return TokenReader(folder).batch(3, 0, 6, CONTEXT, has_segments=True)


def losses(batch: Batch, has_segments: bool) -> torch.Tensor:
    """Loss of each target of an odd document, by the objective that training uses, one at a time."""
    model, objective = shaken_model(tiny_architecture()), NextToken(NextTokenConfig())
    inputs, targets = torch.from_numpy(batch.inputs_BT), torch.from_numpy(batch.targets_BT)
    assert batch.segments_BT is not None
    segments = torch.from_numpy(batch.segments_BT)
    found = []
    for row, place in (segments % 2 == 1).nonzero().tolist():
        mask = torch.zeros_like(segments, dtype=torch.bool)
        mask[row, place] = True
        with torch.no_grad():
            loss = objective.loss_sum(
                model, inputs, targets, mask, segments if has_segments else None
            )
        found.append(loss)
    return torch.stack(found)


def test_an_input_belongs_to_the_document_that_is_foreseen_there(plain: Path) -> None:
    """The end token of one document is the first input of the next: that is how a model starts to write one."""
    reader, batch = TokenReader(plain), batch_of(plain)
    assert batch.segments_BT is not None
    for inputs, targets, segments in zip(
        batch.inputs_BT, batch.targets_BT, batch.segments_BT, strict=True
    ):
        begins = [at for at in range(1, CONTEXT) if segments[at] != segments[at - 1]]
        assert begins
        assert [inputs[at] for at in begins] == [reader.end_id] * len(begins)
        assert [targets[at - 1] for at in begins] == [reader.end_id] * len(begins)


def test_another_neighbor_changes_nothing(plain: Path, changed: Path) -> None:
    one, two = batch_of(plain), batch_of(changed)
    assert (one.inputs_BT != two.inputs_BT).any()
    assert torch.equal(losses(one, has_segments=True), losses(two, has_segments=True))
    assert not torch.equal(losses(one, has_segments=False), losses(two, has_segments=False))


def test_the_setting_reaches_the_update(plain: Path) -> None:
    apart, across = make_trainer(plain), make_trainer(plain, attention_across_documents=True)
    by_default = [apart.update().loss for _ in range(6)]
    assert by_default != [across.update().loss for _ in range(6)]


def test_pieces_of_a_batch_with_borders_are_the_batch(plain: Path) -> None:
    whole, pieces = make_trainer(plain), make_trainer(plain, accumulation=3)
    for _ in range(4):
        assert pieces.update().loss == pytest.approx(whole.update().loss, rel=1e-5)


def test_windows_of_one_document_take_the_fast_path(tmp_path: Path, plain: Path) -> None:
    """No segments, so no mask of its own, and the same bits as with attention across documents."""
    long = TokenReader(write_tokens(tmp_path / "long"))
    batches = [long.batch(3, step, 6, CONTEXT, has_segments=True) for step in range(56)]
    has_border = [batch.segments_BT is not None for batch in batches]
    assert 0 < sum(has_border) <= 2, "two documents: one border in an epoch of 333 windows"
    assert TokenReader(plain).batch(3, 0, 6, CONTEXT).segments_BT is None, "not asked for"
    pair = [
        make_trainer(tmp_path / "long", attention_across_documents=is_across)
        for is_across in (False, True)
    ]
    for step in range(4):
        assert not has_border[step]
        assert pair[0].update().loss == pair[1].update().loss


@pytest.mark.parametrize("settings", [{}, {"accumulation": 2}])
def test_a_resume_with_borders_is_exact(
    tmp_path: Path, plain: Path, settings: dict[str, Any]
) -> None:
    straight = make_trainer(plain, **settings)
    for _ in range(3):
        straight.update()
    resumed = loaded(saved(straight, tmp_path / "step-3"), straight)
    for _ in range(5):
        assert resumed.update().loss == straight.update().loss
