"""The loss counts every token once, against a loop that does it one by one."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from glassworks.common.errors import BadData
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.loss import measure_loss, token_losses
from glassworks.lm.model.transformer import Transformer
from glassworks.specs.stage import Stopped
from tests.lm.evaluate.models import END, tiny_model, write_tokens
from tests.lm.model.tiny import shaken_model, tiny_architecture

VOCAB = 11
DOCUMENTS = [[(7 * i + 3) % 10 + 1 for i in range(n)] for n in (13, 5, 9)]


def one_by_one(
    model: Transformer, reader: TokenReader, context: int, is_across: bool = False
) -> list[float]:
    """- ln p of each token, one forward pass a token, from nothing but what it may see."""
    ids = reader.tokens().tolist()
    starts = reader.documents()[0].tolist()
    found = []
    for position, token in enumerate(ids):
        start = position - position % context
        if not is_across:
            start = max(start, *(begin for begin in starts if begin <= position))
        before = ([END, *ids])[start : position + 1]
        with torch.no_grad():
            logits_V = model(torch.tensor([before]))[0, -1]
        found.append(-float(torch.log_softmax(logits_V.double(), dim=0)[token]))
    return found


@pytest.mark.parametrize("is_across", [False, True])
def test_every_token_is_counted_once(tmp_path: Path, is_across: bool) -> None:
    model = shaken_model(tiny_architecture(context=8))
    reader = write_tokens(tmp_path / "a", DOCUMENTS, VOCAB)
    expected = one_by_one(model, reader, 8, is_across)
    report = measure_loss(model, reader, batch_size=2, is_across_documents=is_across)
    assert report.num_tokens == 30
    assert report.num_bytes == 54
    assert report.nats_per_token == pytest.approx(sum(expected) / 30, rel=1e-5)
    text = sum(nats for nats, token in zip(expected, reader.tokens(), strict=True) if token != END)
    assert report.bits_per_byte == pytest.approx(text / math.log(2) / 54, rel=1e-5)


def test_another_neighbor_changes_no_loss_but_its_own(tmp_path: Path) -> None:
    """The first document's words are others; those of the second and third are foreseen as before, to the bit."""
    model, first = shaken_model(tiny_architecture(context=8)), len(DOCUMENTS[0]) + 1
    others = [[token % 10 + 1 for token in DOCUMENTS[0]], *DOCUMENTS[1:]]
    found = {}
    for is_across in (False, True):
        for name, documents in (("plain", DOCUMENTS), ("other", others)):
            reader = write_tokens(tmp_path / f"{name}-{is_across}", documents, VOCAB)
            parts = token_losses(model, reader, is_across_documents=is_across)
            found[name, is_across] = np.concatenate([nats for _, nats in parts])
    assert (found["plain", False][first:] == found["other", False][first:]).all()
    assert (found["plain", False][:first] != found["other", False][:first]).any()
    assert (found["plain", True][first:] != found["other", True][first:]).any()


def test_positions_come_in_order(tmp_path: Path) -> None:
    model, reader = tiny_model(VOCAB), write_tokens(tmp_path / "a", DOCUMENTS, VOCAB)
    parts = list(token_losses(model, reader, batch_size=2))
    assert np.concatenate([positions for positions, _ in parts]).tolist() == list(range(30))
    assert len(parts) == 2


def test_a_fresh_model_is_a_uniform_guess(tmp_path: Path) -> None:
    model = tiny_model(VOCAB, is_random=False)
    report = measure_loss(model, write_tokens(tmp_path / "a", DOCUMENTS, VOCAB))
    assert report.nats_per_token == pytest.approx(math.log(VOCAB), rel=1e-6)


def test_masked_tokens_are_read_but_not_counted(tmp_path: Path) -> None:
    masks = [[i >= 2 for i in range(len(ids))] for ids in DOCUMENTS]
    model = tiny_model(VOCAB)
    reader = write_tokens(tmp_path / "a", DOCUMENTS, VOCAB, masks)
    expected = one_by_one(model, reader, 8)
    counted = [nats for nats, is_in in zip(expected, reader.mask(), strict=True) if is_in]
    report = measure_loss(model, reader)
    assert (report.num_tokens, report.num_bytes) == (24, 42)
    assert report.nats_per_token == pytest.approx(sum(counted) / 24, rel=1e-5)


def test_a_part_is_spread_evenly(tmp_path: Path) -> None:
    model, reader = tiny_model(VOCAB), write_tokens(tmp_path / "a", [[1] * 99], VOCAB)
    parts = list(token_losses(model, reader, max_tokens=24))
    positions = np.concatenate([positions for positions, _ in parts])
    assert positions.tolist() == [*range(8), *range(48, 56), *range(96, 100)]


def test_nothing_to_measure_and_stop(tmp_path: Path) -> None:
    model = tiny_model(VOCAB)
    with pytest.raises(BadData, match="no token to measure"):
        measure_loss(model, write_tokens(tmp_path / "a", [], VOCAB))
    with pytest.raises(Stopped):
        measure_loss(
            model, write_tokens(tmp_path / "b", DOCUMENTS, VOCAB), should_stop=lambda: True
        )


def test_an_interval_holds_the_figure_and_is_the_same_each_time(tmp_path: Path) -> None:
    documents = [[(7 * i + 3 * n) % 10 + 1 for i in range(n % 9 + 2)] for n in range(40)]
    model = shaken_model(tiny_architecture(context=8))
    reader = write_tokens(tmp_path / "a", documents, VOCAB)
    report = measure_loss(model, reader, batch_size=2)
    assert (report.parts, report.num_parts) == ("documents", 40)
    assert report.nats_interval is not None and report.bits_interval is not None
    low, high = report.nats_interval
    assert low < report.nats_per_token < high
    assert report.bits_interval[0] < report.bits_per_byte < report.bits_interval[1]
    assert measure_loss(model, reader, batch_size=3).nats_interval == pytest.approx((low, high))


def test_few_documents_are_drawn_by_windows_and_few_windows_not_at_all(tmp_path: Path) -> None:
    model = shaken_model(tiny_architecture(context=8))
    report = measure_loss(model, write_tokens(tmp_path / "a", DOCUMENTS * 2, VOCAB))
    assert (report.parts, report.num_parts) == ("windows", 8)
    assert report.intervals.keys() == report.values.keys()
    short = measure_loss(model, write_tokens(tmp_path / "b", DOCUMENTS, VOCAB))
    assert short.num_parts == 4 and short.intervals == {}


def test_an_even_guess_has_no_width(tmp_path: Path) -> None:
    model = tiny_model(VOCAB, is_random=False)
    report = measure_loss(model, write_tokens(tmp_path / "a", DOCUMENTS * 2, VOCAB))
    assert report.nats_interval == pytest.approx((math.log(VOCAB),) * 2, rel=1e-6)
