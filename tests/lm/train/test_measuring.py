"""Figures of layers: what each definition says, computed plainly; and a look that leaves no trace."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from glassworks.lm.evaluate.metrics import METRICS
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.attention import ATTENTIONS
from glassworks.lm.model.feed_forward import FEED_FORWARDS
from glassworks.lm.model.forward import ForwardPass
from glassworks.lm.model.transformer import Transformer, build_model
from glassworks.lm.train.measuring import look_inside
from tests.lm.train.tiny import VOCAB_SIZE, make_trainer, write_short_documents, write_tokens

OF_LAYERS = {name for name in METRICS.names() if METRICS.load(name).cadence == "layers"}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tokens(tmp_path_factory.mktemp("tokens") / "plain")


def awake(**parts: Any) -> Transformer:
    """A model of two layers in which every weight has been drawn, so that nothing is 0 by its start."""
    document = {"context": 12, "width": 16, "layers": 2, **parts}
    model = build_model(parse_architecture(document).with_vocab_size(VOCAB_SIZE), seed=3)
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn(weight.shape, generator=generator) * 0.3)
    return model


def some_ids(rows: int = 4, length: int = 12) -> Tensor:
    return torch.randint(2, VOCAB_SIZE, (rows, length), generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_a_run_that_is_looked_into_learns_the_same_bits(tokens: Path, dtype: str) -> None:
    plain, seen = (
        make_trainer(tokens, dtype=dtype, layers_every=every, accumulation=2) for every in (0, 2)
    )
    torch.manual_seed(1)
    before = torch.get_rng_state()
    rows = [(plain.update(), seen.update()) for _ in range(6)]
    assert seen.meter.step == 6 and plain.meter.step == -1
    assert all(a.loss == b.loss and a.gradient_norm == b.gradient_norm for a, b in rows)
    for name, master in plain.weights.masters.items():
        assert torch.equal(master, seen.weights.masters[name]), name
    assert torch.equal(torch.get_rng_state(), before)
    assert seen.weights.model.training == plain.weights.model.training


def test_it_looks_at_the_first_step_the_cadence_and_the_last(tokens: Path) -> None:
    trainer = make_trainer(tokens, steps=7, layers_every=3)
    looked = []
    for step in range(1, 8):
        trainer.update()
        if trainer.meter.step == step:
            looked.append(step)
            assert set(trainer.meter.values) == OF_LAYERS
            assert all(len(numbers) == 2 for numbers in trainer.meter.values.values())
    assert looked == [1, 3, 6, 7]


def test_gradient_and_change_of_a_layer(tokens: Path) -> None:
    trainer = make_trainer(tokens, layers_every=1, clip_norm=0.01)
    for _ in range(3):
        trainer.update()
    before = {name: master.clone() for name, master in trainer.weights.masters.items()}
    update = trainer.update()
    values = trainer.meter.values
    for layer in range(2):
        names = [name for name in before if name.startswith(f"layers.{layer}.")]
        after = torch.cat([trainer.weights.masters[name].flatten() for name in names])
        start = torch.cat([before[name].flatten() for name in names])
        expected = float((after - start).norm() / start.norm())
        assert values["update_ratio"][layer] == pytest.approx(expected, rel=1e-4)
    norms = [norm for norm in values["layer_gradient_norm"] if norm is not None]
    assert len(norms) == 2 and min(norms) > 0.01  # before clipping
    assert math.hypot(*norms) <= update.gradient_norm * (1 + 1e-5)


def test_hidden_units_by_their_definition() -> None:
    model = awake()
    block = model.blocks[1]
    with torch.no_grad():
        block.feed_forward.up.weight[:5] = 0  # type: ignore[union-attr,operator]
        scope = ForwardPass(12)
        x = model.embedding(some_ids())
        x = model.blocks[0](x, model.position, scope, None)
        x = x + block.attention(block.attention_norm(x), model.position, scope, None)
        hidden = torch.relu(block.feed_forward.up(block.feed_forward_norm(x))).square()  # type: ignore[operator,misc]
    found = look_inside(model, some_ids(), None)
    assert found["activation_mean"][1] == pytest.approx(float(hidden.mean()), rel=1e-5)
    assert found["activation_std"][1] == pytest.approx(float(hidden.std(correction=0)), rel=1e-4)
    silent = (hidden.flatten(0, 1).amax(0) <= 1e-3 * hidden.square().mean().sqrt()).float().mean()
    assert found["dead_share"][1] == pytest.approx(float(silent))
    assert (found["dead_share"][1] or 0) >= 5 / hidden.shape[-1]


@pytest.mark.parametrize("has_segments", [False, True])
def test_attention_by_its_definition(has_segments: bool) -> None:
    model = awake(attention={"kind": "grouped", "heads": 4, "kv_heads": 2})
    ids = some_ids()
    segments = (torch.arange(12) // 5).expand(4, 12) if has_segments else None
    scope = ForwardPass(12, segments_BS=segments)
    block = model.blocks[0]
    with torch.no_grad():
        x = block.attention_norm(model.embedding(ids))
        q, k, _ = block.attention.project(x, model.position, 0)  # type: ignore[operator]
    entropies, seen = [], []
    for b in range(4):
        for n in range(4):
            for t in range(12):
                first = 0 if segments is None else (t // 5) * 5
                scores = k[b, n // 2, first : t + 1] @ q[b, n, t] / 2  # numbers per head: 4
                seen.append(scores)
                if len(scores) > 1:
                    shares = scores.softmax(0)
                    entropies.append(float(-(shares * shares.log()).sum() / math.log(len(scores))))
    found = look_inside(model, ids, segments)
    together = torch.cat(seen)
    assert found["logit_max"][0] == pytest.approx(float(together.abs().max()), rel=1e-5)
    assert found["logit_std"][0] == pytest.approx(float(together.std(correction=0)), rel=1e-4)
    mean = sum(entropies) / len(entropies)
    assert found["attention_entropy"][0] == pytest.approx(mean, rel=1e-4)
    assert scope.segments_BS is segments


def test_a_model_that_looks_everywhere_alike_has_the_largest_entropy() -> None:
    model = awake(attention={"heads": 2, "has_qk_norm": False})
    with torch.no_grad():
        for block in model.blocks:
            block.attention.q.weight.zero_()  # type: ignore[union-attr,operator]
    found = look_inside(model, some_ids(), None)
    assert found["attention_entropy"] == pytest.approx((1.0, 1.0))
    assert found["logit_max"] == (0.0, 0.0)


def test_numbers_that_are_none_are_told_as_none() -> None:
    model = awake()
    with torch.no_grad():
        model.blocks[1].feed_forward.up.weight.fill_(math.inf)  # type: ignore[union-attr,operator]
    found = look_inside(model, some_ids(), None)
    assert found["activation_mean"][0] is not None
    assert found["activation_mean"][1] is None


@pytest.mark.parametrize("kind", FEED_FORWARDS.names())
def test_every_feed_forward_shows_its_units(kind: str) -> None:
    found = look_inside(awake(feed_forward={"kind": kind}), some_ids(), None)
    assert all(value is not None for value in found["activation_std"] + found["dead_share"])


@pytest.mark.parametrize("kind", ATTENTIONS.names())
def test_every_attention_shows_its_scores(kind: str) -> None:
    found = look_inside(awake(attention={"kind": kind, "heads": 4}), some_ids(), None)
    assert all(value is not None and 0 < value <= 1 for value in found["attention_entropy"])
    assert all(value is not None and value > 0 for value in found["logit_std"])


def test_documents_stay_apart_when_layers_are_looked_at(tmp_path: Path) -> None:
    trainer = make_trainer(write_short_documents(tmp_path / "short"), layers_every=1)
    trainer.update()
    assert all(value is not None for value in trainer.meter.values["attention_entropy"])


def test_times_of_a_step_add_up_to_it(tokens: Path) -> None:
    trainer = make_trainer(tokens, layers_every=1, accumulation=3)
    for _ in range(3):
        update = trainer.update()
        assert set(update.times) == {"data_s", "forward_s", "backward_s", "optimizer_s"}
        assert all(seconds > 0 for seconds in update.times.values())
        assert sum(update.times.values()) <= update.duration_s + 1e-5
        assert update.measure_s > 0
