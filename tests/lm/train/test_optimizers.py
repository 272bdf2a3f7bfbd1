"""AdamW against PyTorch's own, Muon against its promise: steps whose singular values are all about 1."""

import pytest
import torch
from torch import Tensor

from glassworks.lm.model.transformer import build_model
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.lm.train.optimizers._groups import Group, group_of
from glassworks.lm.train.optimizers.adamw import AdamW, AdamWConfig, adamw_reference
from glassworks.lm.train.optimizers.base import Named, Optimizer, is_hidden_matrix
from glassworks.lm.train.optimizers.muon import Muon, MuonConfig, orthogonalize
from tests.lm.model.tiny import tiny_architecture

SHAPES = {
    "embedding.weight": (11, 6),
    "layers.0.attention.q.weight": (6, 6),
    "layers.0.feed_forward.up.weight": (24, 6),
    "layers.0.feed_forward.down.weight": (6, 24),
    "layers.1.attention.q.weight": (6, 6),
    "layers.0.norm.weight": (6,),
    "head.weight": (11, 6),
}


def some_parameters(seed: int = 1) -> Named:
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(shape, generator=generator) for name, shape in SHAPES.items()}


def give_gradients(parameters: Named, step: int) -> None:
    generator = torch.Generator().manual_seed(100 + step)
    for parameter in parameters.values():
        parameter.grad = torch.randn(parameter.shape, generator=generator)


def take_steps(optimizer: Optimizer, numbers: range, factor: float = 1.0) -> None:
    for number in numbers:
        give_gradients(optimizer.parameters, number)
        optimizer.step(number, factor)


def test_adamw_is_pytorchs() -> None:
    config = AdamWConfig(learning_rate=0.01, weight_decay=0.1, epsilon=1e-8)
    ours, theirs = some_parameters(), some_parameters()
    take_steps(AdamW(config, ours, torch.float32), range(1, 8), factor=0.5)

    free = ("embedding.weight", "layers.0.norm.weight")
    decayed = [p for name, p in theirs.items() if name not in free]
    others = [theirs[name] for name in free]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    reference = torch.optim.AdamW(groups, lr=0.005, betas=(0.9, 0.95), eps=1e-8)
    for number in range(1, 8):
        give_gradients(theirs, number)
        reference.step()

    for name, parameter in ours.items():
        torch.testing.assert_close(parameter, theirs[name], msg=name)


def test_adamw_is_its_formula() -> None:
    config = AdamWConfig(learning_rate=0.01, weight_decay=0.1, epsilon=1e-8)
    name = "layers.0.feed_forward.up.weight"
    ours, w = some_parameters(), some_parameters()[name].double()
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    optimizer = AdamW(config, ours, torch.float32)
    for number in range(1, 8):
        take_steps(optimizer, range(number, number + 1))
        gradient = ours[name].grad
        assert gradient is not None
        w = adamw_reference(w, gradient.double(), m, v, number, config)
    torch.testing.assert_close(ours[name], w.float())


GROUPS: dict[str, list[str]] = {
    "matrices": [name for name in SHAPES if name.startswith("layers.") and "norm" not in name],
    "head": ["head.weight"],
    "embeddings": ["embedding.weight"],
    "vectors": ["layers.0.norm.weight"],
}


@pytest.mark.parametrize("group", GROUPS)
def test_only_the_groups_that_are_named_decay(group: Group) -> None:
    """With gradients of zero, all that moves a weight is its decay."""
    config = AdamWConfig(learning_rate=0.01, weight_decay=0.5, decayed=(group,))
    parameters = some_parameters()
    optimizer = AdamW(config, parameters, torch.float32)
    for parameter in parameters.values():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step(1, 1.0)
    for name, before in some_parameters().items():
        factor = 1 - 0.01 * 0.5 if name in GROUPS[group] else 1.0
        torch.testing.assert_close(parameters[name], before * factor, msg=name)


def test_the_groups_of_real_models() -> None:
    """Every weight has a group; an embedding that is the head too is an embedding, a stack of experts are matrices."""
    tied = build_model(tiny_architecture(is_tied=True))
    found = {name: group_of(name, p) for name, p in tied.named_parameters()}
    assert found["embedding.weight"] == "embeddings"
    assert found["layers.0.attention.q.weight"] == "matrices"
    assert "head" not in found.values()
    assert group_of("layers.0.feed_forward.experts.up", torch.zeros(4, 8, 3)) == "matrices"
    assert group_of("position.weight", torch.zeros(8, 3)) == "embeddings"


@pytest.mark.parametrize("shape", [(8, 8), (32, 8), (8, 32), (1, 8)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_orthogonalized_matrices_have_singular_values_near_one(
    shape: tuple[int, int], dtype: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(2)
    x_NRC = torch.randn((5, *shape), generator=generator)
    u_NRC = orthogonalize(x_NRC.to(dtype)).float()
    values = torch.linalg.svdvals(u_NRC)
    assert float(values.min()) > 0.4
    assert float(values.max()) < 1.3
    left, _, right = torch.linalg.svd(x_NRC, full_matrices=False)
    directions = (u_NRC * (left @ right)).sum((1, 2)) / min(shape)
    assert float(directions.min()) > 0.6, "the singular vectors must stay what they were"


def test_muon_steps_are_orthogonal_and_of_the_promised_size() -> None:
    parameters = some_parameters()
    before = {name: p.clone() for name, p in parameters.items()}
    muon = Muon(MuonConfig(learning_rate=0.1), parameters, torch.float32)
    take_steps(muon, range(1, 2), factor=0.5)
    for name, (rows, columns) in (
        (n, s) for n, s in SHAPES.items() if n.startswith("layers") and len(s) == 2
    ):
        values = torch.linalg.svdvals(before[name] - parameters[name])
        size = 0.1 * 0.5 * max(1.0, rows / columns) ** 0.5
        assert float(values.max()) < 1.3 * size, name
        assert float(values.min()) > 0.3 * size, name


def test_muon_leaves_embeddings_head_and_norms_to_adamw() -> None:
    config = MuonConfig()
    ours, by_adamw = some_parameters(), some_parameters()
    take_steps(Muon(config, ours, torch.float32), range(1, 4))
    take_steps(AdamW(config.adamw, by_adamw, torch.float32), range(1, 4))
    same = {name for name in SHAPES if torch.equal(ours[name], by_adamw[name])}
    assert same == {name for name, p in ours.items() if not is_hidden_matrix(name, p)}
    assert same == {"embedding.weight", "head.weight", "layers.0.norm.weight"}


def test_a_factor_of_zero_moves_nothing() -> None:
    for kind in OPTIMIZERS.names():
        cls = OPTIMIZERS.load(kind)
        parameters = some_parameters()
        take_steps(
            cls(cls.Config.model_validate({}), parameters, torch.float32), range(1, 3), factor=0.0
        )
        for name, parameter in some_parameters().items():
            assert torch.equal(parameter, parameters[name]), (kind, name)


@pytest.mark.parametrize("kind", OPTIMIZERS.names())
def test_memory_can_be_taken_out_and_put_back(kind: str) -> None:
    cls = OPTIMIZERS.load(kind)
    one, two = some_parameters(), some_parameters()
    first = cls(cls.Config.model_validate({}), one, torch.float32)
    take_steps(first, range(1, 4))

    second = cls(cls.Config.model_validate({}), two, torch.float32)
    for name, parameter in two.items():
        parameter.copy_(one[name])
    second.load_tensors({name: t.clone() for name, t in first.tensors().items()})
    take_steps(first, range(4, 7))
    take_steps(second, range(4, 7))

    assert all(torch.equal(one[name], two[name]) for name in SHAPES)


def test_another_optimizers_memory_is_refused() -> None:
    adamw = AdamW(AdamWConfig(), some_parameters(), torch.float32)
    muon = Muon(MuonConfig(), some_parameters(), torch.float32)
    with pytest.raises(KeyError):
        muon.load_tensors(adamw.tensors())


def test_adamw_alone_can_learn_a_line() -> None:
    x = torch.linspace(-1, 1, 20)
    weights: dict[str, Tensor] = {"w": torch.zeros(1, 1), "b": torch.zeros(1)}
    optimizer = AdamW(AdamWConfig(learning_rate=0.05, weight_decay=0), weights, torch.float32)
    for number in range(1, 400):
        error = weights["w"][0, 0] * x + weights["b"] - (3 * x + 1)
        weights["w"].grad = (2 * error * x).mean().reshape(1, 1)
        weights["b"].grad = (2 * error).mean().reshape(1)
        optimizer.step(number, 1.0)
    assert float(weights["w"]) == pytest.approx(3, abs=0.01)
    assert float(weights["b"]) == pytest.approx(1, abs=0.01)
