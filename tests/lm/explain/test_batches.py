"""A batch read again: the tokens of training, its documents and parts, and the loss of each token as training computes it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from glassworks.lm.data import TokenReader, TokenWriter
from glassworks.lm.data.mixing import weighted, write_mixture
from glassworks.lm.explain.batches import BatchPlace, ReadBatch, target_nats
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import Transformer, build_model
from glassworks.lm.train.objectives.next_token import NextToken, NextTokenConfig

END, VOCAB, CONTEXT = 0, 30, 8
PLACE = BatchPlace(seed=5, step=2, batch_size=3, context=CONTEXT)


def write(folder: Path, lengths: list[int], has_mask: bool = False) -> TokenReader:
    """Documents of these lengths; of every second token nothing is learned where there is a mask."""
    folder.mkdir()
    numbers = np.random.default_rng(len(lengths))
    with TokenWriter(folder, [0, *[1] * (VOCAB - 1)], END, "t" * 64) as writer:
        for number, length in enumerate(lengths):
            ids = numbers.integers(1, VOCAB, length).tolist()
            mask = [place % 2 == 0 for place in range(length)] if has_mask else None
            writer.add(f"{folder.name}-{number}", ids, mask)
    return TokenReader(folder)


def mixed(folder: Path) -> TokenReader:
    readers = [write(folder / "one", [20, 3, 40]), write(folder / "two", [1, 60])]
    (folder / "mix").mkdir()
    parts = weighted(["one", "two"], readers, [1.0, 1.0], [None, None], 1.0)
    write_mixture(folder / "mix", parts, readers)
    return TokenReader(folder / "mix")


def model() -> Transformer:
    document = {"width": 16, "layers": 2, "context": CONTEXT, "attention": {"heads": 2}}
    built = build_model(parse_architecture(document).with_vocab_size(VOCAB), seed=1)
    with torch.no_grad():
        for weight in built.parameters():
            weight.add_(0.3 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(2)))
    return built


def test_the_tokens_are_those_of_training(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", [20, 3, 40], has_mask=True)
    batch = ReadBatch(reader, PLACE)
    trained = reader.batch(PLACE.seed, PLACE.step - 1, PLACE.batch_size, CONTEXT)
    assert batch.ids_BS[:, :-1].tolist() == trained.inputs_BT.tolist()
    assert batch.ids_BS[:, 1:].tolist() == trained.targets_BT.tolist()
    assert trained.mask_BT is not None
    assert batch.is_trained_BT.tolist() == trained.mask_BT.tolist()
    assert not batch.is_trained_BT.all()


def test_each_process_of_a_training_reads_rows_of_its_own(tmp_path: Path) -> None:
    reader = write(tmp_path / "a", [200])
    places = [BatchPlace(5, 2, 3, CONTEXT, rank, 2) for rank in (0, 1)]
    starts = [ReadBatch(reader, place).positions_BS[:, 0].tolist() for place in places]
    assert not set(starts[0]) & set(starts[1])
    assert starts[1] == reader.windows(5, 1, 3, CONTEXT, 1, 2).tolist()


@pytest.mark.parametrize("is_across", [True, False])
def test_the_loss_of_the_tokens_adds_up_to_that_of_the_objective(
    tmp_path: Path, is_across: bool
) -> None:
    """With masks and borders, and whichever rows are asked for."""
    reader = write(tmp_path / "a", [5, 3, 9, 4, 6, 11, 2, 8], has_mask=True)
    batch, weights = ReadBatch(reader, PLACE), model()
    nats_BT = target_nats(weights, batch, range(3), is_across)
    read = reader.batch(PLACE.seed, 1, 3, CONTEXT, has_segments=True)
    assert read.segments_BT is not None
    assert read.mask_BT is not None
    inputs, targets, mask = map(torch.from_numpy, (read.inputs_BT, read.targets_BT, read.mask_BT))
    segments = None if is_across else torch.from_numpy(read.segments_BT)
    wanted = NextToken(NextTokenConfig()).loss_sum(weights, inputs, targets, mask, segments)
    assert nats_BT[batch.is_trained_BT].sum() == pytest.approx(wanted.item(), rel=1e-5)
    for row in range(3):
        alone = target_nats(weights, batch, range(row, row + 1), is_across)
        assert np.allclose(alone[0], nats_BT[row], atol=1e-5)
    assert target_nats(weights, batch, range(3, 3)).shape == (0, CONTEXT)


def test_borders_change_the_loss(tmp_path: Path) -> None:
    batch, weights = ReadBatch(write(tmp_path / "a", [5, 3, 9, 4, 6, 11]), PLACE), model()
    across, inside = (target_nats(weights, batch, range(3), is_one) for is_one in (True, False))
    assert not np.allclose(across, inside)


def test_stretches_are_the_documents_of_a_row(tmp_path: Path) -> None:
    reader = mixed(tmp_path)
    starts, names = reader.documents()
    batch = ReadBatch(reader, BatchPlace(seed=1, step=1, batch_size=12, context=CONTEXT))
    seen = set()
    for row in range(batch.num_rows):
        part = batch.part(row)
        seen.add(part)
        stretches = list(batch.stretches(row))
        assert (stretches[0].start, stretches[-1].stop) == (0, CONTEXT + 1)
        for stretch in stretches:
            first = int(batch.positions_BS[row, stretch.start])
            assert first - stretch.offset == starts[stretch.document]
            assert stretch.is_begun == (stretch.offset == 0)
            ids = batch.ids_BS[row, stretch.start : stretch.stop].tolist()
            assert stretch.is_ended == (ids[-1] == END)
            assert END not in ids[:-1]
            name = batch.name(stretch.document)
            assert name == names[stretch.document]
            number = batch.number_in_part(stretch.document)
            assert name == f"{reader.parts[part].name}-{number}"
    assert seen == {0, 1}
