"""The settings of a stage in short, for a line in a table: what a person chose, not what was left as it is.

In: a stage's name and its resolved config. Out: `source.path` -> its value as text; of a list of components their kinds. Left out are
defaults (the catalogue knows them), fingerprints, and what is empty.
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
    defaults = _defaults(known.config_schema) if known else {}
    found = list(_chosen(catalog, config, defaults, ""))
    return dict(found[:MAX_SETTINGS])


def _chosen(
    catalog: CatalogSpec, config: Json, defaults: Json, path: str
) -> Iterator[tuple[str, str]]:
    for name, value in config.items():
        place = f"{path}.{name}" if path else name
        if isinstance(value, dict) and "kind" in value:
            yield f"{place}.kind", str(value["kind"])
            inner = {key: field for key, field in value.items() if key != "kind"}
            yield from _chosen(catalog, inner, _component(catalog, str(value["kind"])), place)
        elif name in defaults and defaults[name] == value:
            continue
        elif isinstance(value, dict):
            yield from _chosen(catalog, value, defaults.get(name) or {}, place)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield place, _cut(", ".join(_kind(one) for one in value))
        elif not _is_noise(value):
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield place, _cut(words)


def _defaults(schema: Json) -> Json:
    """Field -> default, of a JSON Schema; fields without one are left out."""
    fields = schema.get("properties", {})
    return {name: field["default"] for name, field in fields.items() if "default" in field}


def _component(catalog: CatalogSpec, kind: str) -> Json:
    found = (some[kind] for some in catalog.components.values() if kind in some)
    return _defaults(next(found, {}).get("schema", {}))


def _kind(value: Any) -> str:
    return str(value.get("kind", "…")) if isinstance(value, dict) else str(value)


def _is_noise(value: Any) -> bool:
    is_fingerprint = isinstance(value, str) and FINGERPRINT.fullmatch(value) is not None
    return is_fingerprint or value in (None, "", [], {})


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
