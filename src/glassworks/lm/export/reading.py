"""Architectures as text: read what a person has, write what others read.

In: YAML or JSON, our own document or a hub's `config.json` (told by its `model_type`). Out: a complete document, the format
that was recognized, and notes on what was left out. Back: YAML, JSON, or the `config.json` of the class that computes it.
"""

import json
from typing import Any, Literal

import yaml

from glassworks.common.errors import InvalidSpec
from glassworks.lm.export.families import FAMILIES, choose_family
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.specs.base import Spec

MODEL_TYPE = "model_type"
WRITTEN = ("yaml", "json", "hub")


class ReadArchitecture(Spec):
    document: dict[str, Any]
    format: Literal["yaml", "json", "hub"]
    notes: tuple[str, ...] = ()


def read_text(text: str) -> ReadArchitecture:
    """Raises InvalidSpec for what is no architecture, and for a class that no family of ours reads."""
    is_json = text.lstrip().startswith("{")
    found = _parsed(text)
    if MODEL_TYPE not in found:
        document = parse_architecture(found).to_json()
        return ReadArchitecture(document=document, format="json" if is_json else "yaml")
    family = str(found[MODEL_TYPE])
    if family not in FAMILIES.names():
        raise InvalidSpec(
            "not-importable",
            f"The config.json is of the family {family!r}, which is not known here.",
            f"Known families: {', '.join(FAMILIES.names())}.",
            MODEL_TYPE,
        )
    reading = FAMILIES.load(family).read(found)
    document = parse_architecture(reading.document).to_json()
    return ReadArchitecture(document=document, format="hub", notes=reading.notes)


def write_text(architecture: ArchitectureConfig, form: str) -> str:
    """The architecture as YAML, JSON or `config.json`. Raises InvalidSpec where no class computes it."""
    if form == "hub":
        return _json(hub_config(architecture))
    document = architecture.to_json()
    if form == "json":
        return _json(document)
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))


def hub_config(architecture: ArchitectureConfig) -> dict[str, Any]:
    family = choose_family(architecture)
    return {
        "architectures": [family.model_class],
        MODEL_TYPE: family.model_type,
        **family.config(architecture),
    }


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        raise InvalidSpec(
            "not-importable",
            f"The text is neither YAML nor JSON{f' ({line})' if line else ''}.",
            "Give an architecture as `glassworks architecture export` writes it, or a config.json.",
            line,
        ) from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise InvalidSpec(
            "not-importable",
            "The text is no architecture: it has no named fields.",
            "Give an architecture as `glassworks architecture export` writes it, or a config.json.",
        )
    return found


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
