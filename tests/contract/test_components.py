"""What every component promises, whichever it is: a new file in a component folder is taken up by these tests as it is.

Over every registry: the settings describe themselves. Over every pair of choices in an architecture (components, their
switches, the model's own): gradients are right, no position sees the future, the cache changes nothing, documents stay
apart, and the shape table is what the built model really has and does. `make soak` goes through all combinations.
"""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import combinations, product
from typing import Any, TypeGuard

import pytest

import glassworks
from glassworks.common.registry import Registry
from glassworks.lm.model.architecture import REGISTRIES, ArchitectureConfig
from glassworks.specs.base import Config
from tests.lm.model.choices import FIELDS, Choice, make, name_of, pairs
from tests.lm.model.promises import CHECKS, check_shape_table
from tests.lm.model.tiny import tiny_architecture


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


CHOICES = pairs()


def test_every_pair_of_choices_is_looked_at() -> None:
    for (a, of_a), (b, of_b) in combinations(FIELDS.items(), 2):
        met = {(repr(choice[a]), repr(choice[b])) for choice in CHOICES}
        assert met == {(repr(x), repr(y)) for x, y in product(of_a, of_b)}, f"{a} with {b}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("choice", CHOICES, ids=name_of)
def test_a_combination_keeps_its_promises(
    choice: Choice, check: Callable[[ArchitectureConfig], None]
) -> None:
    check(make(choice))


@pytest.mark.parametrize("attention", REGISTRIES["attention"].names())
@pytest.mark.parametrize(
    "change",
    [
        {"attention": {"heads": 4, "kv_heads": 2}},
        {"attention": {"heads": 4, "head_width": 6}},
        {"context": 300, "attention": {"window": 200}},
        {"context": 300},
    ],
)
def test_sizes_move_the_table_and_the_model_alike(attention: str, change: dict[str, Any]) -> None:
    fields = REGISTRIES["attention"].load(attention).Config.model_fields
    settings = {k: v for k, v in change.get("attention", {}).items() if k in fields}
    check_shape_table(tiny_architecture(**{**change, "attention": {"kind": attention, **settings}}))
