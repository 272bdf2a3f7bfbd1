"""What every component promises, whichever it is: a new file in a component folder is taken up by these tests as it is.

Over every registry: the settings describe themselves. Over every pair of model components: gradients are right, no
position sees the future, the cache changes nothing, and the shape table is what the built model really has and does.
"""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import product
from typing import Any, TypeGuard

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck
from torch.func import functional_call
from torch.nn.functional import cross_entropy
from torch.utils.flop_counter import FlopCounterMode

import glassworks
from glassworks.common.registry import Registry
from glassworks.lm.model.architecture import REGISTRIES, ArchitectureConfig, parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.model.transformer import Transformer
from glassworks.specs.base import Config
from tests.lm.model.tiny import VOCAB_SIZE, shaken_model, some_ids, tiny_architecture

CHOICES = {part: registry.names() for part, registry in REGISTRIES.items()}
COMBINATIONS = [dict(zip(CHOICES, kinds, strict=True)) for kinds in product(*CHOICES.values())]
TINY_SETTINGS: dict[str, dict[str, Any]] = {"window": {"window": 5}, "hidden": {"hidden": 6}}
"""Settings that components may have, small enough that a short text feels them."""


def component_configs() -> Iterator[tuple[str, str, type[Config]]]:
    """(registry, id, Config) of every component of the package that is chosen by `kind`."""
    for module in pkgutil.walk_packages(glassworks.__path__, "glassworks."):
        if not module.ispkg:
            continue
        for registry in list(vars(import_module(module.name)).values()):
            if isinstance(registry, Registry) and registry.package == module.name:
                for name, component in registry.all().items():
                    config = getattr(component, "Config", None)
                    if is_config(config) and "kind" in config.model_fields:
                        yield registry.package, name, config


def is_config(value: object) -> TypeGuard[type[Config]]:
    return isinstance(value, type) and issubclass(value, Config)


@pytest.mark.parametrize(("package", "name", "config"), list(component_configs()))
def test_settings_describe_themselves(package: str, name: str, config: type[Config]) -> None:
    assert next(iter(config.model_fields)) == "kind"
    assert config().model_dump()["kind"] == name, "the file's name is the id, and defaults work"
    for field, info in config.model_fields.items():
        assert info.description, f"{field} has no description"
        assert not info.is_required(), f"{field} has no default"


def test_every_model_registry_is_looked_at() -> None:
    packages = {package for package, _, _ in component_configs()}
    assert {registry.package for registry in REGISTRIES.values()} <= packages


@pytest.fixture(params=COMBINATIONS, ids=lambda kinds: "-".join(kinds.values()))
def architecture(request: pytest.FixtureRequest) -> ArchitectureConfig:
    return make(request.param)


def make(kinds: dict[str, str], **changes: Any) -> ArchitectureConfig:
    """An architecture of these components with small settings."""
    parts: dict[str, Any] = {}
    for part, kind in kinds.items():
        fields = REGISTRIES[part].load(kind).Config.model_fields
        settings = {
            k: v for name, s in TINY_SETTINGS.items() if name in fields for k, v in s.items()
        }
        parts[part] = {"kind": kind, **settings}
    base: dict[str, Any] = {"vocab_size": VOCAB_SIZE, "context": 12, "width": 8, "layers": 2}
    return parse_architecture({**base, **parts, **changes})


def test_gradients_are_those_of_finite_differences(architecture: ArchitectureConfig) -> None:
    small = architecture.model_copy(update={"width": 4, "layers": 1})
    model = shaken_model(small).double()
    names, weights = zip(*model.named_parameters(), strict=True)
    ids_BT, next_BT = some_ids(1, 7), some_ids(1, 7, seed=3)

    def loss(*values: Tensor) -> Tensor:
        replaced = dict(zip(names, values, strict=True))
        logits_BTV = functional_call(model, replaced, (ids_BT,))
        return cross_entropy(logits_BTV.flatten(0, 1), next_BT.flatten())

    leaves = tuple(weight.detach().requires_grad_() for weight in weights)
    torch.manual_seed(6)  # the fast check looks along random directions
    assert gradcheck(loss, leaves, fast_mode=True)


@torch.no_grad()
def test_no_position_sees_the_future(architecture: ArchitectureConfig) -> None:
    model, ids_BT = shaken_model(architecture), some_ids(2, 12)
    changed_BT = ids_BT.clone()
    changed_BT[:, 7] = (ids_BT[:, 7] + 1) % VOCAB_SIZE

    before, after = model(ids_BT), model(changed_BT)

    assert torch.equal(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7], after[:, 7])
    assert not torch.allclose(before[:, 8], after[:, 8]), "the next position must see it"


@torch.no_grad()
def test_the_cache_changes_nothing(architecture: ArchitectureConfig) -> None:
    model, ids_BT = shaken_model(architecture), some_ids(2, 12)
    cache = model.new_cache(num_rows=2)

    pieces = [model(piece, cache) for piece in torch.split(ids_BT, [4, 1, 1, 5, 1], dim=1)]

    torch.testing.assert_close(torch.cat(pieces, 1), model(ids_BT))


@pytest.mark.parametrize("is_tied", [False, True])
def test_the_shape_table_is_the_model(architecture: ArchitectureConfig, is_tied: bool) -> None:
    architecture = architecture.model_copy(update={"is_tied": is_tied})
    model, table = Transformer(architecture), shape_table(architecture)

    assert table.weights() == {name: tuple(p.shape) for name, p in model.named_parameters()}
    assert table.num_parameters == model.num_parameters
    assert measured_flops(model, 12) == pytest.approx(table.flops_per_token * 12)
    cached = model.new_cache(num_rows=1, capacity=1).num_bytes // 4
    assert table.num_cached_per_token == cached


@pytest.mark.parametrize("attention", CHOICES["attention"])
@pytest.mark.parametrize(
    "change",
    [
        {"norm": {"has_weight": True}},
        {"attention": {"heads": 4, "kv_heads": 2}},
        {"attention": {"heads": 4, "kv_heads": 1, "head_width": 6, "has_qk_norm": False}},
        {"context": 300, "attention": {"window": 200}},
        {"context": 300, "attention": {}},
    ],
)
def test_settings_move_the_table_and_the_model_alike(
    attention: str, change: dict[str, Any]
) -> None:
    settings = {"kind": attention, **change.get("attention", {})}
    if "window" in settings and attention != "sliding_window":
        del settings["window"]
    architecture = tiny_architecture(**{**change, "attention": settings})
    model, table = Transformer(architecture), shape_table(architecture)

    assert table.weights() == {name: tuple(p.shape) for name, p in model.named_parameters()}
    context = architecture.context
    assert measured_flops(model, context) == pytest.approx(table.flops_per_token * context)


def measured_flops(model: Callable[[Tensor], Tensor], num_positions: int) -> int:
    """Multiplications and additions of one forward pass, counted while it runs."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.zeros(1, num_positions, dtype=torch.long))
    return int(counter.get_total_flops())
