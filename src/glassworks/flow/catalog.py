"""The catalogue: all stages, component schemas and metrics, generated into `content/catalog.json`.

It is package data made by `tools/generate_catalog.py` and checked fresh, so help, forms and checks of a flow's wiring
need no running helper.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from glassworks.specs.base import Spec
from glassworks.specs.metric import MetricSpec
from glassworks.specs.stage import StageSpec


class CatalogSpec(Spec):
    """`components`: registry package -> component id -> {origin, purpose, schema}; `documents`: kind -> JSON Schema."""

    stages: dict[str, StageSpec]
    components: dict[str, dict[str, dict[str, Any]]] = {}
    metrics: dict[str, MetricSpec] = {}
    documents: dict[str, dict[str, Any]] = {}


@cache
def load_catalog() -> CatalogSpec:
    """The catalogue in the package."""
    text = (files("glassworks.content") / "catalog.json").read_text(encoding="utf-8")
    return CatalogSpec.model_validate(json.loads(text))
