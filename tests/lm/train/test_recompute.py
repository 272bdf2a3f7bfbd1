"""Activation checkpointing: the same bits, fewer numbers kept, and the estimate knows how many."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.estimate import training_memory
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.model.transformer import build_model
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.precision import Weights
from glassworks.lm.train.recompute import recompute_layers
from glassworks.lm.train.trainer import Trainer
from tests.lm.estimate.test_cost import kept_bytes
from tests.lm.train.tiny import (
    ARCHITECTURE,
    SETTINGS,
    VOCAB_SIZE,
    tiny_architecture,
    write_short_documents,
    write_tokens,
)

EXPERTS = {"kind": "mixture_of_experts", "experts": 4, "active": 2, "hidden": 8}
MODELS = {
    "plain": tiny_architecture(),
    "experts": parse_architecture({**ARCHITECTURE, "feed_forward": EXPERTS}).with_vocab_size(
        VOCAB_SIZE
    ),
}


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
@pytest.mark.parametrize("has_segments", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_the_bits_are_the_same(tmp_path: Path, model: str, dtype: str, has_segments: bool) -> None:
    write = write_short_documents if has_segments else write_tokens
    tokens, architecture = write(tmp_path / "tokens"), MODELS[model]
    one, other = (trainer(tokens, architecture, dtype, c) for c in (False, True))
    for _ in range(4):
        first, second = one.update(), other.update()
        assert (first.loss, first.gradient_norm) == (second.loss, second.gradient_norm)
        assert first.wishes == second.wishes
        assert bool(first.wishes) == (model == "experts")
    for name, master in one.weights.masters.items():
        assert torch.equal(master, other.weights.masters[name]), name


def trainer(
    tokens: Path, architecture: ArchitectureConfig, dtype: str, is_checkpointed: bool
) -> Trainer:
    config = TrainConfig.model_validate({**SETTINGS, "dtype": dtype, "accumulation": 2})
    model = build_model(architecture, seed=5)
    if is_checkpointed:
        recompute_layers(model)
    return Trainer(Weights(model, dtype), TokenReader(tokens), config)


def test_names_of_weights_stay() -> None:
    model = build_model(tiny_architecture())
    before = list(model.state_dict())
    recompute_layers(model)
    assert list(model.state_dict()) == before


def test_a_text_is_written_with_a_cache_as_ever() -> None:
    model = build_model(tiny_architecture()).eval()
    ids = torch.tensor([[5, 7, 9]])
    with torch.no_grad():
        whole = model(ids)
        recompute_layers(model)
        cache = model.new_cache()
        parts = torch.cat([model(ids[:, :2], cache), model(ids[:, 2:], cache)], dim=1)
    torch.testing.assert_close(parts, whole)


def test_far_less_is_kept_and_the_estimate_says_how_much() -> None:
    """What one layer keeps while it is computed again comes on top of what lies there all the time."""
    architecture = parse_architecture({"vocab_size": 100, "layers": 8})
    table, ids_BT = shape_table(architecture), torch.zeros(2, architecture.context).long()
    full, few = (training_memory(table, ids_BT.numel(), "fp32", 2.0, c) for c in (False, True))
    model = build_model(architecture)
    before = kept_bytes(model, ids_BT)
    recompute_layers(model)
    after = kept_bytes(model, ids_BT) + kept_in_layer(architecture_width=architecture.width)
    assert before == pytest.approx(full.activations, rel=0.2)
    assert after == pytest.approx(few.activations, rel=0.2)
    assert after < before / 2


def kept_in_layer(architecture_width: int) -> int:
    """Bytes that one layer alone keeps on the way back, measured."""
    one = parse_architecture({"vocab_size": 100, "layers": 1, "width": architecture_width})
    none_kept = build_model(one)
    ids_BT: Tensor = torch.zeros(2, one.context).long()
    whole = kept_bytes(none_kept, ids_BT)
    recompute_layers(none_kept)
    return whole - kept_bytes(none_kept, ids_BT)
