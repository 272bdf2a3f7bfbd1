"""A saved state is all that going on needs, and a damaged one is told."""

import json
from pathlib import Path

import pytest
import torch

from glassworks.common.errors import BadData, InvalidSpec
from tests.lm.train.tiny import loaded, make_trainer, saved, write_tokens


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    return write_tokens(tmp_path / "tokens")


@pytest.mark.parametrize("kind", ["adamw", "muon"])
@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_a_state_goes_on_bit_for_bit(tmp_path: Path, tokens: Path, kind: str, dtype: str) -> None:
    trainer = make_trainer(tokens, dtype, optimizer={"kind": kind})
    for _ in range(5):
        trainer.update()
    again = loaded(saved(trainer, tmp_path / "step-5"), trainer)
    assert (again.step, again.num_tokens) == (5, trainer.num_tokens)
    for _ in range(5):
        assert again.update().loss == trainer.update().loss
    for name, master in trainer.weights.masters.items():
        assert torch.equal(again.weights.masters[name], master)


def test_a_state_holds_no_pickle_and_the_masters_once(tmp_path: Path, tokens: Path) -> None:
    folder = saved(make_trainer(tokens), tmp_path / "step-0")
    assert {file.name for file in folder.iterdir()} == {
        "model.safetensors",
        "architecture.json",
        "checkpoint.json",
        "optimizer.safetensors",
        "training.json",
    }


def test_another_optimizer_is_refused(tmp_path: Path, tokens: Path) -> None:
    folder = saved(make_trainer(tokens), tmp_path / "step-0")
    other = make_trainer(tokens, optimizer={"kind": "adamw"})
    with pytest.raises(InvalidSpec, match="'muon', this run asks for 'adamw'"):
        loaded(folder, other)


@pytest.mark.parametrize("file", ["optimizer.safetensors", "training.json"])
@pytest.mark.parametrize("damage", ["cut", "empty", "gone"])
def test_a_damaged_state_is_told(tmp_path: Path, tokens: Path, file: str, damage: str) -> None:
    trainer = make_trainer(tokens)
    path = saved(trainer, tmp_path / "step-0") / file
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"")
    if damage == "gone":
        path.unlink()
    with pytest.raises(BadData, match="step-0 cannot be read"):
        loaded(path.parent, trainer)


def test_training_json_is_plain(tmp_path: Path, tokens: Path) -> None:
    folder = saved(make_trainer(tokens), tmp_path / "step-0")
    assert json.loads((folder / "training.json").read_text()) == {
        "format": 1,
        "step": 0,
        "steps": 12,
        "seed": 1337,
        "num_tokens": 0,
        "dtype": "fp32",
        "optimizer": "muon",
        "is_compiled": False,
    }
