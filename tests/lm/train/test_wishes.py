"""A mixture of experts learns: balance beside the loss, the same in pieces, resumed bit for bit."""

from pathlib import Path

import pytest
import torch

from glassworks.lm.data import TokenReader
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.forward import Wish
from glassworks.lm.model.transformer import build_model
from glassworks.lm.train import compiling
from glassworks.lm.train.compiling import compile_loss
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.precision import Weights
from glassworks.lm.train.snapshot import write_training_state
from glassworks.lm.train.trainer import Trainer, Update
from glassworks.lm.train.wishes import Wishes
from tests.lm.train.tiny import ARCHITECTURE, SETTINGS, VOCAB_SIZE, loaded, write_tokens


def mixture(**settings: float) -> ArchitectureConfig:
    part = {"kind": "mixture_of_experts", "experts": 4, "active": 2, "hidden": 8, **settings}
    document = {**ARCHITECTURE, "feed_forward": part}
    return parse_architecture(document).with_vocab_size(VOCAB_SIZE)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tokens(tmp_path_factory.mktemp("tokens") / "tokens")


def make(
    tokens: Path, architecture: ArchitectureConfig, dtype: str = "fp32", **settings: int
) -> Trainer:
    config = TrainConfig.model_validate({**SETTINGS, "dtype": dtype, **settings})
    return Trainer(Weights(build_model(architecture, seed=5), dtype), TokenReader(tokens), config)


def steps(trainer: Trainer, num: int) -> list[Update]:
    return [trainer.update() for _ in range(num)]


def test_balance_is_told_apart_from_the_loss_and_moves_the_router(tokens: Path) -> None:
    free, held = make(tokens, mixture(balance_weight=0)), make(tokens, mixture(balance_weight=5.0))
    first_free, first_held = steps(free, 1)[0], steps(held, 1)[0]
    assert first_free.loss == first_held.loss, "the loss shown is that of the text"
    assert first_free.wishes == first_held.wishes
    assert 1.0 < first_free.wishes["balance_loss"] < 4.0
    assert steps(held, 11)[-1].wishes["balance_loss"] < steps(free, 11)[-1].wishes["balance_loss"]


def test_a_model_without_experts_wishes_nothing(tokens: Path) -> None:
    plain = make(tokens, parse_architecture(ARCHITECTURE).with_vocab_size(VOCAB_SIZE))
    assert not plain.weights.model.has_wishes
    assert steps(plain, 1)[0].wishes == {}


@pytest.mark.parametrize("accumulation", [2, 6])
def test_pieces_give_the_same_update(tokens: Path, accumulation: int) -> None:
    whole = make(tokens, mixture(balance_weight=5.0))
    pieces = make(tokens, mixture(balance_weight=5.0), accumulation=accumulation)
    one, other = steps(whole, 1)[0], steps(pieces, 1)[0]
    assert other.loss == pytest.approx(one.loss, rel=1e-6)
    assert other.wishes["balance_loss"] == pytest.approx(one.wishes["balance_loss"], rel=1e-6)
    for ours, theirs in zip(whole.weights.gradients, pieces.weights.gradients, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_a_resume_is_bit_for_bit(tokens: Path, tmp_path: Path, dtype: str) -> None:
    whole = make(tokens, mixture(), dtype)
    steps(whole, 5)
    (tmp_path / "state").mkdir()
    write_training_state(tmp_path / "state", whole, mixture(), "t")
    resumed = loaded(tmp_path / "state", whole)
    for ours, theirs in zip(steps(whole, 7), steps(resumed, 7), strict=True):
        assert (ours.loss, ours.gradient_norm) == (theirs.loss, theirs.gradient_norm)
        assert ours.wishes == theirs.wishes
    masters = resumed.weights.masters
    assert all(torch.equal(w, masters[name]) for name, w in whole.weights.masters.items())


def test_a_mixture_is_not_compiled_and_the_run_says_why(
    tokens: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program for each number of positions that an expert gets: what came before would decide the bits."""
    monkeypatch.setattr(compiling, "why_not", lambda device: "")
    trainer, plain = make(tokens, mixture()), make(tokens, mixture())
    found = compile_loss(trainer)
    assert (found.level, found.code) == ("warn", "not-compiled")
    assert "experts get another number of positions" in found.message
    assert steps(trainer, 2)[-1].loss == steps(plain, 2)[-1].loss


def test_rows_count_by_their_trained_positions() -> None:
    wishes = Wishes()
    heard = wishes.begin()
    heard += [Wish("a", torch.tensor([1.0, 3.0]), 0.5), Wish("a", torch.tensor([2.0, 2.0]), 0.5)]
    heard.append(Wish("b", torch.tensor([1.0, 0.0]), 2.0))
    mask_BT = torch.tensor([[True, True, False], [True, False, False]])
    assert float(wishes.take(torch.zeros(2, 3), mask_BT)) == 0.5 * 5 + 0.5 * 6 + 2 * 2
    assert wishes.means(3) == {"a": 5.5 / 3, "b": 2 / 3}
    wishes.begin()
    assert float(wishes.take(torch.zeros(2, 3), None)) == 0.0
