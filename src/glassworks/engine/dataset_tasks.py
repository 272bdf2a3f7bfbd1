"""What is done with a dataset beside looking at it: having it counted and indexed, and setting two of them side by side."""

from functools import lru_cache
from typing import Any

from glassworks.common.ids import is_name
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.datasets import DESCRIBE
from glassworks.engine.references import Resolved, resolve_artifact
from glassworks.engine.tools_client import ToolsClient
from glassworks.specs.flow import InlineDocument, NodeSpec, RecipeSpec
from glassworks.storage.store import Store

COMPARE_LIMIT_S = 600.0
KEPT = 8


def describe_recipe(
    store: Store, found: Resolved, tokenizer: str | None = None, project: str = DEFAULT_PROJECT
) -> RecipeSpec:
    """The recipe of one node that counts and indexes a dataset. Raises NotFound, Conflict, InvalidSpec (of the tokenizer)."""
    store.artifacts.path(found.artifact)
    inputs: dict[str, str | InlineDocument] = {"dataset": found.artifact}
    if tokenizer:
        inputs["tokenizer"] = resolve_artifact(store, tokenizer, "tokenizer", project).artifact
    name = found.label.rpartition("/")[2].partition("@")[0]
    return RecipeSpec(
        name=f"describe-{name}"[:63] if is_name(name) else "describe",
        title=f"Describe {found.label}",
        output="describe.description",
        nodes={"describe": NodeSpec(stage=DESCRIBE, inputs=inputs)},
    )


def compare_datasets(
    store: Store, before: Resolved, after: Resolved, num_examples: int
) -> dict[str, Any]:
    """What differs between two datasets, with examples. What was compared lately is known: datasets never change."""
    folders = [str(store.artifacts.path(one.artifact)) for one in (before, after)]
    found = dict(_compared(*folders, num_examples))
    sides = {
        side: {
            "label": one.label,
            "artifact": one.artifact,
            "num_documents": found.pop(f"num_documents_{side}"),
            "num_bytes": found[f"num_bytes_{side}"],
        }
        for side, one in (("before", before), ("after", after))
    }
    return {**sides, **found}


@lru_cache(maxsize=KEPT)
def _compared(before: str, after: str, num_examples: int) -> dict[str, Any]:
    """By a helper of its own: it reads both, and others do not wait."""
    asked = {"before": before, "after": after, "limit": num_examples}
    with ToolsClient() as tools:
        return tools.call("compare_datasets", asked, COMPARE_LIMIT_S)
