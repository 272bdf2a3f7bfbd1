"""One update: pieces make the whole, long gradients are cut, masters keep what bf16 would lose."""

from pathlib import Path

import pytest
import torch

from glassworks.common.errors import Diverged
from glassworks.lm.model.transformer import build_model
from glassworks.lm.train.precision import Weights
from glassworks.lm.train.streams import derive_seed, stream
from tests.lm.train.tiny import CONTEXT, make_trainer, tiny_architecture, write_tokens


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tokens(tmp_path_factory.mktemp("tokens") / "plain")


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tokens(tmp_path_factory.mktemp("tokens") / "masked", has_mask=True)


@pytest.mark.parametrize("has_mask", [False, True])
def test_pieces_of_a_batch_are_the_batch(tokens: Path, masked: Path, has_mask: bool) -> None:
    folder = masked if has_mask else tokens
    whole, pieces = make_trainer(folder), make_trainer(folder, accumulation=3)
    for _ in range(4):
        one, three = whole.update(), pieces.update()
        assert three.loss == pytest.approx(one.loss, rel=1e-5)
        assert three.gradient_norm == pytest.approx(one.gradient_norm, rel=1e-4)
        assert three.num_tokens == one.num_tokens == 6 * CONTEXT
    for name, master in whole.weights.masters.items():
        torch.testing.assert_close(pieces.weights.masters[name], master, rtol=1e-3, atol=1e-4)


def test_it_learns(tokens: Path) -> None:
    trainer = make_trainer(tokens, steps=60)
    losses = [trainer.update().loss for _ in range(60)]
    assert losses[0] == pytest.approx(5.704, abs=0.01)  # ln 300: an even guess
    assert sum(losses[-5:]) / 5 < losses[0] - 0.5


def test_a_long_gradient_is_cut_to_length(tokens: Path) -> None:
    free, clipped = make_trainer(tokens, clip_norm=0), make_trainer(tokens, clip_norm=0.01)
    assert free.update().gradient_norm == clipped.update().gradient_norm > 0.01
    lengths = [
        float(torch.cat([g.flatten() for g in trainer.weights.gradients]).norm())
        for trainer in (free, clipped)
    ]
    assert lengths[0] > 0.01
    assert lengths[1] == pytest.approx(0.01, rel=1e-4)


def test_divergence_is_told_with_the_step_and_what_to_try(tokens: Path) -> None:
    trainer = make_trainer(tokens)
    trainer.update()
    before = {name: m.clone() for name, m in trainer.weights.masters.items()}
    with torch.no_grad():
        trainer.weights.model.embedding.weight[:] = float("nan")
    with pytest.raises(Diverged, match="diverged at step 2: the loss is nan") as caught:
        trainer.update()
    assert "learning_rate" in caught.value.hint
    assert trainer.step == 1
    name = "layers.0.attention.q.weight"
    assert torch.equal(trainer.weights.masters[name], before[name]), "no step is taken"


def test_masters_keep_what_bf16_would_lose() -> None:
    weights = Weights(build_model(tiny_architecture()), "bf16")
    master = weights.masters["embedding.weight"]
    master.fill_(1.0)
    for _ in range(100):
        master.add_(1e-3)
        weights.refresh_model()
    parameter = weights.model.embedding.weight.detach()
    assert parameter.dtype == torch.bfloat16
    assert float(parameter.mean()) == pytest.approx(1.1, abs=0.01)


def test_in_fp32_the_masters_are_the_model() -> None:
    weights = Weights(build_model(tiny_architecture()), "fp32")
    for name, parameter in weights.model.named_parameters():
        assert weights.masters[name].data_ptr() == parameter.data_ptr()


def test_learning_reads_no_global_generator(tokens: Path) -> None:
    before = torch.get_rng_state()
    one = make_trainer(tokens).update()
    torch.rand(3)
    two = make_trainer(tokens).update()
    torch.set_rng_state(before)
    assert one.loss == two.loss
    make_trainer(tokens).update()
    assert torch.equal(torch.get_rng_state(), before)


def test_streams_know_nothing_of_each_other() -> None:
    seeds = {
        derive_seed(seed, purpose, step)
        for seed in (1, 2)
        for purpose in ("sample", "weights")
        for step in range(50)
    }
    assert len(seeds) == 200
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert torch.equal(
        torch.rand(3, generator=stream(1, "sample", 2)),
        torch.rand(3, generator=stream(1, "sample", 2)),
    )
