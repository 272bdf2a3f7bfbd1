"""Memory and disk of a training, what does not fit, and the nearest that does."""

from typing import Any

from glassworks.lm.estimate.needs import (
    TrainingShape,
    disk_of,
    disk_shortage,
    memory_of,
    memory_shortage,
)
from glassworks.lm.estimate.table import ShapeTable
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.shapes import shape_table

WEIGHT_BYTES = 4 * (2 * 2048 * 128 + 4 * (4 * 128 * 128 + 2 * 128 * 512))


def first_model() -> ShapeTable:
    return shape_table(parse_architecture({"vocab_size": 2048}))


def shape(**changes: Any) -> TrainingShape:
    return TrainingShape.model_validate({"batch_size": 16, "steps": 100, **changes})


def test_pieces_of_a_batch_keep_less() -> None:
    table = first_model()
    whole, halved = memory_of(table, shape()), memory_of(table, shape(accumulation=2))
    assert halved.activations * 2 == whole.activations
    assert halved.weights == whole.weights


def test_disk_holds_checkpoints_on_their_cadence_and_the_kept_states() -> None:
    disk = disk_of(first_model(), shape(checkpoint_every=30, keep_states=2))
    assert disk.num_checkpoints == 4  # at 30, 60, 90 and 100
    assert disk.checkpoints == 4 * WEIGHT_BYTES
    assert disk.states == 3 * 2 * WEIGHT_BYTES, "two that stay, and the one that is being written"
    assert disk_of(first_model(), shape(checkpoint_every=0)).num_checkpoints == 1
    kept = disk_of(first_model(), shape(checkpoint_every=10, keep_checkpoints={"newest": 3}))
    assert kept.num_checkpoints == 3


def test_what_does_not_fit_comes_with_the_nearest_that_does() -> None:
    table, asked = first_model(), shape()
    assert memory_shortage(table, asked, 1 << 40) is None
    whole = memory_of(table, asked)
    just_short = int((whole.total - whole.activations // 3) / 0.9) + 1
    found = memory_shortage(table, asked, just_short, program_bytes=0)
    assert found is not None
    assert found.nearest == {"accumulation": 2}
    assert found.hint == "Set accumulation = 2."
    assert found.nearest_bytes == memory_of(table, shape(accumulation=2)).total
    assert found.nearest_bytes <= found.available_bytes < found.needed_bytes


def test_a_model_that_is_too_large_is_said_to_be() -> None:
    found = memory_shortage(first_model(), shape(), 1 << 20, program_bytes=0)
    assert found is not None
    assert (found.nearest, found.nearest_bytes) == ({}, None)
    assert "smaller model" in found.hint


def test_a_full_disk_is_met_with_fewer_checkpoints() -> None:
    table, asked = first_model(), shape(checkpoint_every=1)
    needed = disk_of(table, asked).total
    assert disk_shortage(table, asked, 2 * needed) is None
    found = disk_shortage(table, asked, needed // 3)
    assert found is not None
    assert found.nearest["checkpoint_every"] == 4
    assert found.nearest["keep_states"] == 1
    nothing = disk_shortage(table, asked, 1000)
    assert nothing is not None
    assert "Free some disk" in nothing.hint
