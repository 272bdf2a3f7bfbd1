"""The settings of a stage in short, for a line in a table: what a person chose, not what was left as it is.

In: a stage's name and its resolved config. Out: `source.path` -> its value as text; of a list of components their kinds. Left out are
defaults and what changes no result (the catalogue knows both), fingerprints, and what is empty.
"""

import re
from collections.abc import Iterator
from typing import Any

from glassworks.flow.catalog import CatalogSpec, load_catalog

MAX_SETTINGS = 12
SHOWN_CHARACTERS = 80
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
Json = dict[str, Any]


def short_settings(stage: str, config: Json) -> dict[str, str]:
    """At most MAX_SETTINGS of them, in the order of the config."""
    catalog = load_catalog()
    known = catalog.stages.get(stage)
    fields = known.config_schema.get("properties", {}) if known else {}
    found = list(_chosen(catalog, config, fields, ""))
    return dict(found[:MAX_SETTINGS])


def _chosen(
    catalog: CatalogSpec, config: Json, fields: Json, path: str
) -> Iterator[tuple[str, str]]:
    """`fields` are those of the JSON Schema; empty where there is none."""
    for name, value in config.items():
        place, field = f"{path}.{name}" if path else name, fields.get(name, {})
        if field.get("display_only"):
            continue
        if isinstance(value, dict) and "kind" in value:
            yield f"{place}.kind", str(value["kind"])
            inner = {key: one for key, one in value.items() if key != "kind"}
            yield from _chosen(catalog, inner, _component(catalog, str(value["kind"])), place)
        elif "default" in field and field["default"] == value:
            continue
        elif isinstance(value, dict):
            default = field.get("default") or {}
            changed = {key: one for key, one in value.items() if default.get(key) != one}
            yield from _chosen(catalog, changed, {}, place)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield place, _cut(", ".join(_kind(one) for one in value))
        elif not _is_noise(value):
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield place, _cut(words)


def _component(catalog: CatalogSpec, kind: str) -> Json:
    found = (some[kind] for some in catalog.components.values() if kind in some)
    fields: Json = next(found, {}).get("schema", {}).get("properties", {})
    return fields


def _kind(value: Any) -> str:
    return str(value.get("kind", "…")) if isinstance(value, dict) else str(value)


def _is_noise(value: Any) -> bool:
    is_fingerprint = isinstance(value, str) and FINGERPRINT.fullmatch(value) is not None
    return is_fingerprint or value in (None, "", [], {})


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
