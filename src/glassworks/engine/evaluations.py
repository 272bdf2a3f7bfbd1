"""What was measured at a run's end, read from its outputs: the document of each `evaluation` artifact.

In: a store and a run's outputs. Out: documents as `evaluate_model` writes them (`loss`, `yardsticks`, `scores`, `samples`), each
with its `artifact`. One that cannot be read is left out: a page or a terminal shows the rest.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from glassworks.common.errors import GlassworksError
from glassworks.storage.atomic import read_json
from glassworks.storage.store import Store


def evaluations_of(store: Store, outputs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The evaluations among `outputs` (name -> artifact), in their order."""
    for artifact in outputs.values():
        try:
            if store.artifacts.manifest(artifact).kind == "evaluation":
                document = read_json(store.artifacts.path(artifact) / "evaluation.json")
                yield {**document, "artifact": artifact}
        except (GlassworksError, OSError, ValueError):
            continue
