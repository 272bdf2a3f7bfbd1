"""Packed tokens: batches are a pure function of their arguments and visit each window once an epoch."""

from pathlib import Path

import numpy as np
import pytest

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.data import TokenReader, TokenWriter

END = 0


def write(
    folder: Path,
    documents: list[list[int]],
    masks: list[list[bool]] | None = None,
    vocab_size: int = 100,
    shard_tokens: int = 1 << 27,
) -> TokenReader:
    folder.mkdir()
    sizes = [0, *[2] * (vocab_size - 1)]
    with TokenWriter(folder, sizes, END, "t" * 64, shard_tokens) as writer:
        for number, ids in enumerate(documents):
            writer.add(f"d{number}", ids, masks[number] if masks else None)
    return TokenReader(folder)


def count(num: int) -> list[list[int]]:
    """One document whose ids with the end token make a stream of `num` different tokens."""
    return [list(range(1, num))]


def test_stream_documents_and_figures(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", [[1, 2, 3], [4, 5]])
    assert reader.tokens().tolist() == [1, 2, 3, END, 4, 5, END]
    starts, names = reader.documents()
    assert (starts.tolist(), names) == ([0, 4], ["d0", "d1"])
    assert (reader.num_tokens, reader.num_bytes, reader.vocab_size) == (7, 10, 100)
    assert (reader.tokenizer_id, reader.has_mask) == ("t" * 64, False)
    assert reader.mask().all()
    assert (tmp_path / "a/shard-00000.bin").stat().st_size == 14


def test_large_vocabularies_take_four_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "a", [[65_535]], vocab_size=65_536).tokens().tolist() == [65_535, END]
    assert (tmp_path / "a/shard-00000.bin").stat().st_size == 4
    assert write(tmp_path / "b", [[65_536]], vocab_size=65_537).tokens().tolist() == [65_536, END]
    assert (tmp_path / "b/shard-00000.bin").stat().st_size == 8


def test_targets_are_inputs_one_later(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", count(99))
    batch = reader.batch(seed=1, step=0, batch_size=4, context=8)
    assert batch.inputs_BT.shape == batch.targets_BT.shape == (4, 8)
    assert batch.inputs_BT.dtype == np.int64
    assert (batch.inputs_BT[:, 1:] == batch.targets_BT[:, :-1]).all()
    assert batch.mask_BT is None


def test_each_window_once_an_epoch(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", count(97))
    num_windows = reader.num_windows(8)
    assert num_windows == 12
    steps = [reader.batch(7, step, 5, 8) for step in range(24)]
    firsts = np.concatenate([batch.inputs_BT[:, 0] for batch in steps])
    epochs = firsts[: num_windows * 10].reshape(10, num_windows)
    assert all(len(set(epoch)) == num_windows for epoch in epochs.tolist())
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 10


def test_a_batch_is_a_pure_function(tmp_path: Path) -> None:
    documents = count(99)
    reader, other = write(tmp_path / "a", documents), write(tmp_path / "b", documents)
    straight = [reader.batch(3, step, 4, 8).inputs_BT for step in range(20)]
    for step in (19, 0, 11):
        assert (other.batch(3, step, 4, 8).inputs_BT == straight[step]).all()
    assert (other.batch(4, 0, 4, 8).inputs_BT != straight[0]).any()


def test_the_order_of_windows_is_fixed_for_good(tmp_path: Path) -> None:
    """A change of this order would silently change every run, so it is written down here."""
    reader = write(tmp_path / "a", count(97))
    assert reader.batch(7, 0, 12, 8).inputs_BT[:, 0].tolist() == [
        65,
        33,
        9,
        49,
        25,
        17,
        89,
        57,
        41,
        73,
        81,
        1,
    ]


def test_ranks_share_the_windows_out(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", count(97))
    seen = [reader.batch(7, 0, 3, 8, rank, 4).inputs_BT[:, 0].tolist() for rank in range(4)]
    assert [first for rank in seen for first in rank] == reader.batch(7, 0, 12, 8).inputs_BT[
        :, 0
    ].tolist()


def test_masks_lie_on_the_targets(tmp_path: Path) -> None:
    documents = [[1, 2, 3, 4], [5, 6, 7, 8]]
    masks = [[False, False, True, True]] * 2
    reader = write(tmp_path / "a", documents, masks)
    batch = reader.batch(1, 0, 1, 9)
    assert batch.targets_BT[0].tolist() == [2, 3, 4, END, 5, 6, 7, 8, END]
    assert batch.mask_BT is not None
    assert batch.mask_BT[0].tolist() == [False, True, True, True, False, False, True, True, True]
    assert (reader.num_trained, reader.num_tokens) == (6, 10)


def test_windows_cross_shards(tmp_path: Path) -> None:
    documents = [list(range(1, 50)), list(range(50, 99))]
    masks = [[i % 3 == 0 for i in ids] for ids in documents]
    whole = write(tmp_path / "a", documents, masks)
    cut = write(tmp_path / "b", documents, masks, shard_tokens=7)
    assert len(list((tmp_path / "b").glob("shard-*.bin"))) == 15
    assert (whole.tokens() == cut.tokens()).all()
    assert (whole.mask() == cut.mask()).all()
    for step in range(5):
        one, two = whole.batch(1, step, 4, 10), cut.batch(1, step, 4, 10)
        assert (one.inputs_BT == two.inputs_BT).all()
        assert one.mask_BT is not None
        assert two.mask_BT is not None
        assert (one.mask_BT == two.mask_BT).all()


def test_too_short_mixed_missing_and_damaged(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", count(8))
    with pytest.raises(BadData, match="8 tokens; one window needs 9") as caught:
        reader.batch(1, 0, 1, 8)
    assert caught.value.code == "text-too-short"
    with pytest.raises(NotFound, match="not a token set"):
        TokenReader(tmp_path)
    with pytest.raises(BadData, match="does not"), TokenWriter(tmp_path, [0, 1], END) as writer:
        writer.add("a", [1], [True])
        writer.add("b", [1])
    (tmp_path / "a/shard-00000.bin").write_bytes(b"\0\0")
    with pytest.raises(BadData, match="should hold 8 tokens"):
        TokenReader(tmp_path / "a")
    figures = tmp_path / "a/tokens.json"
    figures.write_text(figures.read_text().replace('"format": 1', '"format": 3'))
    with pytest.raises(InvalidSpec, match="format 3"):
        TokenReader(tmp_path / "a")


def test_an_empty_set_is_readable_but_gives_no_batch(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", [])
    assert reader.num_tokens == 0
    with pytest.raises(BadData):
        reader.batch(1, 0, 1, 8)
