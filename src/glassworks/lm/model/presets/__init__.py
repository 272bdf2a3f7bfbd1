"""Architectures to start from, one YAML file each: published models in their true sizes, and small ones to learn with.

    title, family, note    what a list shows
    parameters             the published count, where there is one; `source` says where it stands
    document               the architecture

The file's name is the id. A preset's document is checked when it is asked for, as any architecture is.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import Field

from glassworks.common.errors import NotFound
from glassworks.specs.base import Spec

FOLDER = files(__name__)
SUFFIX = ".yaml"


class Preset(Spec):
    """`is_published`: the sizes are those of a published model, and `parameters` its published count."""

    id: str
    title: str
    family: str
    note: str = Field(description="What is special about it, in one sentence.")
    source: str
    is_published: bool = False
    parameters: int | None = None
    document: dict[str, Any]


def preset_names() -> list[str]:
    """All ids: smallest family first is the list's business, here they are sorted."""
    return sorted(file.name.removesuffix(SUFFIX) for file in _files())


def load_preset(name: str) -> Preset:
    """Raises NotFound for what is no preset."""
    for file in _files():
        if file.name == f"{name}{SUFFIX}":
            return Preset.model_validate({"id": name, **yaml.safe_load(file.read_text("utf-8"))})
    raise NotFound(
        "preset-not-found",
        f"There is no preset {name!r}.",
        f"Presets: {', '.join(preset_names())}.",
        name,
    )


def _files() -> Iterator[Traversable]:
    return (file for file in FOLDER.iterdir() if file.name.endswith(SUFFIX))
