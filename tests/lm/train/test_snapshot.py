"""A snapshot is the state at its step, whatever the trainer does afterwards."""

from pathlib import Path

import pytest

from glassworks.lm.train.snapshot import Snapshot
from tests.lm.train.tiny import make_trainer, saved, tiny_architecture, write_tokens


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_what_is_written_later_is_what_was_taken(tmp_path: Path, dtype: str) -> None:
    trainer = make_trainer(write_tokens(tmp_path / "tokens"), dtype)
    snapshot = Snapshot(trainer, tiny_architecture(), "t")
    trainer.update()
    at_once = saved(trainer, tmp_path / "at-once")
    taken = snapshot.take()
    trainer.update()
    later = tmp_path / "later"
    later.mkdir()
    taken.write(later)
    for file in at_once.iterdir():
        assert (later / file.name).read_bytes() == file.read_bytes(), file.name


def test_its_buffers_are_used_again(tmp_path: Path) -> None:
    trainer = make_trainer(write_tokens(tmp_path / "tokens"))
    snapshot = Snapshot(trainer, tiny_architecture(), "t")
    held = snapshot.take().weights["embedding.weight"].data_ptr()
    trainer.update()
    assert snapshot.take().weights["embedding.weight"].data_ptr() == held
    num_weights = sum(master.numel() for master in trainer.weights.masters.values())
    num_memory = sum(tensor.numel() for tensor in trainer.optimizer.tensors().values())
    assert snapshot.size_bytes == 4 * (num_weights + num_memory)
