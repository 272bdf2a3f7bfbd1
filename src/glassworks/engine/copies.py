"""Copied or composed: what of a text stands word for word in the text that a model learned from.

In: a model and a text. Out: what the helper finds (`worker/ops/find_copies.py`), with the names of the datasets. The indexes that this
needs are artifacts of the stage `index_text`; where one is missing it is said so, and `index_recipe` is the run that makes it.
"""

from typing import Any

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.common.ids import is_run_id
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.datasets import INDEX
from glassworks.engine.lineage import Lineage, read_lineage
from glassworks.engine.references import Resolved, resolve_artifact
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.training_text import (
    NamedText,
    held_out_of_model,
    texts_of_model,
    training_run,
)
from glassworks.specs.flow import NodeSpec, RecipeSpec
from glassworks.storage.store import Store

MIN_CHARACTERS = 20
MAX_CHARACTERS = 20_000
LIMIT_S = 120.0
OUTPUT = "index"


def find_model(store: Store, ref: str, project: str = DEFAULT_PROJECT) -> Resolved:
    """The checkpoint that `ref` means; a run's id also before it has saved one. Raises NotFound, Conflict, InvalidSpec."""
    if is_run_id(ref):
        training = training_run(store, store.runs.get(ref))
        return Resolved("", "checkpoint", training.spec().name, training.id)
    return resolve_artifact(store, ref, "checkpoint", project)


def look_for_copies(
    store: Store,
    tools: ToolsClient,
    found: Resolved,
    text: str,
    min_characters: int = MIN_CHARACTERS,
) -> dict[str, Any]:
    """What of `text` stands in the training text. Raises Conflict (`not-indexed`), NotFound, InvalidSpec (too long)."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidSpec(
            "text-too-long",
            f"The text has {len(text):,} characters; {MAX_CHARACTERS:,} are looked up at once.",
            "Give a part of it, or several parts one after another.",
            "text",
        )
    texts = texts_of_model(store, found)
    lineage = read_lineage(store)
    indexes = [index_of(store, lineage, one.artifact) for one in texts]
    missing = [one for one, index in zip(texts, indexes, strict=True) if index is None]
    if missing:
        raise Conflict(
            "not-indexed",
            f"The text that {found.label} learned from ({', '.join(one.label for one in missing)}) is not indexed yet.",
            "`glassworks copied REF TEXT` does it by itself; on a page, press Look for copies.",
            found.label,
        )
    held_out = held_out_of_model(store, found)
    asked: dict[str, Any] = {
        "indexes": [str(store.artifacts.path(index)) for index in indexes if index],
        "text": text,
        "min_characters": min_characters,
        "held_out": str(store.artifacts.path(held_out)) if held_out else None,
    }
    told = tools.call("find_copies", asked, LIMIT_S)
    return {
        "model": found.label,
        "min_characters": min_characters,
        "texts": [{"dataset": one.artifact, "label": one.label} for one in texts],
        **told,
    }


def index_of(store: Store, lineage: Lineage, dataset: str) -> str | None:
    """The newest index of a dataset that is in the store."""
    made = (
        output
        for work in reversed(lineage.users.get(dataset, []))
        if work.stage == INDEX
        for output in work.outputs.values()
    )
    return next((output for output in made if store.artifacts.has(output)), None)


def missing_texts(store: Store, found: Resolved) -> list[NamedText]:
    """The datasets of a model's training that have no index yet. Raises NotFound where none can be told."""
    lineage = read_lineage(store)
    return [
        text
        for text in texts_of_model(store, found)
        if index_of(store, lineage, text.artifact) is None
    ]


def index_recipe(texts: list[NamedText]) -> RecipeSpec:
    """The recipe that indexes these datasets, a node for each."""
    names = [OUTPUT, *(f"{OUTPUT}-{number}" for number in range(2, len(texts) + 1))]
    nodes = {
        name: NodeSpec(stage=INDEX, inputs={"dataset": text.artifact})
        for name, text in zip(names, texts, strict=True)
    }
    return RecipeSpec(
        name="index-text",
        title=f"Index {', '.join(text.label for text in texts)}",
        description="Sorts every stretch of the text, so that copies in what a model writes are found.",
        output=f"{OUTPUT}.index",
        nodes=nodes,
    )
