"""A checkpoint comes back as it was; a damaged one is named, never opened blindly."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from glassworks.common.errors import BadData, GlassworksError, NotFound
from glassworks.lm.checkpoint import read_checkpoint, write_checkpoint
from glassworks.lm.checkpoint.files import CHECKPOINT_FILES, read_weights
from glassworks.lm.model.transformer import Transformer
from tests.lm.model.tiny import shaken_model, some_ids, tiny_architecture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, shaken_model(tiny_architecture()))
    return tmp_path


def write(folder: Path, model: Transformer) -> None:
    write_checkpoint(folder, model.state_dict(), model.architecture, 42, "a" * 64)


@pytest.mark.parametrize("is_tied", [False, True])
def test_a_model_comes_back_bit_by_bit(tmp_path: Path, is_tied: bool) -> None:
    model = shaken_model(tiny_architecture(is_tied=is_tied))
    write(tmp_path, model)

    found = read_checkpoint(tmp_path)

    assert (found.step, found.tokenizer_id) == (42, "a" * 64)
    assert found.architecture == model.architecture
    assert torch.equal(found.model(some_ids(2, 12)), model(some_ids(2, 12)))
    assert {file.name for file in tmp_path.iterdir()} == set(CHECKPOINT_FILES)


def test_equal_weights_give_equal_bytes(tmp_path: Path) -> None:
    model = shaken_model(tiny_architecture())
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    weights = model.state_dict()
    write_checkpoint(tmp_path / "a", weights, model.architecture, 1, "t")
    backwards = dict(reversed(weights.items()))
    write_checkpoint(tmp_path / "b", backwards, model.architecture, 1, "t")
    for file in CHECKPOINT_FILES:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_it_can_be_read_in_another_precision(folder: Path) -> None:
    assert read_checkpoint(folder, dtype=torch.bfloat16).model.dtype == torch.bfloat16


def test_tensors_lie_in_memory_of_their_own(folder: Path) -> None:
    weights = list(read_weights(folder / "model.safetensors").values())
    assert len({w.untyped_storage().data_ptr() for w in weights}) == len(weights)
    assert all(w.data_ptr() % 64 == 0 for w in weights)


def truncate(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-20])


def empty(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")


def pickle_it(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(pickle.dumps({"embedding.weight": [1.0]}))


def lose_a_tensor(folder: Path) -> None:
    weights = read_weights(folder / "model.safetensors")
    del weights["layers.1.attention.k.weight"]
    save_file(weights, folder / "model.safetensors")


def reshape_a_tensor(folder: Path) -> None:
    weights = read_weights(folder / "model.safetensors")
    weights["head.weight"] = torch.zeros(3, 8)
    save_file(weights, folder / "model.safetensors")


def add_a_tensor(folder: Path) -> None:
    weights = read_weights(folder / "model.safetensors")
    save_file({**weights, "surplus": torch.zeros(1)}, folder / "model.safetensors")


def make_integers(folder: Path) -> None:
    weights = read_weights(folder / "model.safetensors")
    weights["head.weight"] = weights["head.weight"].to(torch.int32)
    save_file(weights, folder / "model.safetensors")


def break_architecture(folder: Path) -> None:
    document = json.loads((folder / "architecture.json").read_text("utf-8"))
    document["attention"]["heads"] = 3
    (folder / "architecture.json").write_text(json.dumps(document), "utf-8")


def cut_json(folder: Path) -> None:
    (folder / "checkpoint.json").write_text('{"format": 1, "st', "utf-8")


def be_newer(folder: Path) -> None:
    (folder / "checkpoint.json").write_text('{"format": 2}', "utf-8")


def lack_a_step(folder: Path) -> None:
    (folder / "checkpoint.json").write_text('{"format": 1, "tokenizer": "t"}', "utf-8")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncate, "model.safetensors is not a whole safetensors file"),
        (empty, "model.safetensors is not a whole safetensors file"),
        (pickle_it, "model.safetensors is not a whole safetensors file"),
        (lose_a_tensor, "lack the tensor 'layers.1.attention.k.weight'"),
        (reshape_a_tensor, r"'head.weight' has shape \(3, 8\); the model needs \(11, 8\)"),
        (add_a_tensor, "hold a tensor 'surplus' that the model does not have"),
        (make_integers, "'head.weight' holds int32, not fractions"),
        (break_architecture, "architecture.json: 3 heads do not divide a width of 8"),
        (cut_json, "checkpoint.json is not JSON"),
        (be_newer, "checkpoint.json has format 2; this version reads 1"),
        (lack_a_step, "checkpoint.json does not give a step and a tokenizer"),
    ],
)
def test_damage_is_named(folder: Path, damage: Callable[[Path], None], message: str) -> None:
    damage(folder)
    with pytest.raises(BadData, match=message) as caught:
        read_checkpoint(folder)
    assert caught.value.code == "bad-checkpoint"
    assert str(folder) in caught.value.where


@pytest.mark.parametrize("file", CHECKPOINT_FILES)
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(NotFound, match=file):
        read_checkpoint(folder)


def test_weights_of_another_architecture_are_not_written(tmp_path: Path) -> None:
    model = shaken_model(tiny_architecture())
    with pytest.raises(GlassworksError, match="lack the tensor"):
        write_checkpoint(tmp_path, model.state_dict(), tiny_architecture(layers=3), 1, "t")
    assert list(tmp_path.iterdir()) == []
