"""What is known of a recipe's node before anything runs: its inputs that exist already, found by their keys.

In: a recipe, resolved by the helper. Out: artifact ids of those inputs that the store has, and what their manifests say: how many
tokens there are to read, how large the vocabulary is. Nothing is written.
"""

from typing import Any

from glassworks.common.errors import GlassworksError
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.plan import plan_node
from glassworks.engine.references import resolve_artifact
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow, source_of
from glassworks.flow.keys import node_key
from glassworks.specs.flow import InlineDocument, RecipeSpec
from glassworks.storage.store import Store

Made = dict[tuple[str, str], str]
"""(node, output) -> artifact."""


def known_inputs(
    workshop: Workshop,
    recipe: RecipeSpec,
    answers: dict[str, dict[str, Any]],
    name: str,
    project: str = DEFAULT_PROJECT,
) -> dict[str, str]:
    """Input -> artifact of node `name`, for each input whose whole history was run before."""
    made: Made = {}
    for node in check_flow(recipe, workshop.catalog.stages):
        inputs = _found(workshop, recipe, node, made, project)
        if node == name:
            return inputs
        if len(inputs) == len(recipe.nodes[node].inputs):
            planned = plan_node(workshop, recipe, node, answers[node], None, project)
            made |= _outputs(workshop.store, node, node_key(planned, inputs))
    return {}


def figure(store: Store, artifact: str | None, name: str) -> int | None:
    """A whole number of an artifact's summary; None for what is not known."""
    if not artifact or not store.artifacts.has(artifact):
        return None
    found = store.artifacts.manifest(artifact).summary.get(name)
    return found if isinstance(found, int) and found > 0 else None


def vocab_size(
    workshop: Workshop,
    recipe: RecipeSpec,
    answers: dict[str, dict[str, Any]],
    name: str,
    project: str = DEFAULT_PROJECT,
) -> int | None:
    """Of node `name`'s tokenizer: counted where it is there already, else as the settings of the node that makes it say.

    A node that makes one tokenizer from another adds a few special tokens, which are not counted.
    """
    known = known_inputs(workshop, recipe, answers, name, project)
    counted = figure(workshop.store, known.get("tokenizer"), "vocab_size")
    given = recipe.nodes[name].inputs.get("tokenizer")
    if counted is not None or given is None or isinstance(given, InlineDocument):
        return counted
    made_by = source_of(recipe, given).node_output
    if made_by is None:
        return None
    node, output = made_by
    foreseen: dict[str, int] = answers[node]["foreseen"].get(output, {})
    return foreseen.get("vocab_size") or vocab_size(workshop, recipe, answers, node, project)


def _found(
    workshop: Workshop, recipe: RecipeSpec, node: str, made: Made, project: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    stage = workshop.catalog.stages[recipe.nodes[node].stage]
    for port, value in recipe.nodes[node].inputs.items():
        if isinstance(value, InlineDocument):
            continue
        source = source_of(recipe, value)
        if source.node_output is not None:
            artifact = made.get(source.node_output)
        else:
            artifact = _referenced(workshop.store, value, stage.inputs[port].kind, project)
        if artifact is not None:
            found[port] = artifact
    return found


def _referenced(store: Store, reference: str, kind: str, project: str) -> str | None:
    try:
        return resolve_artifact(store, reference, kind, project).artifact
    except GlassworksError:  # a preset, or nothing that exists: planning says so
        return None


def _outputs(store: Store, node: str, key: str) -> Made:
    for run in store.runs.with_key(key):
        done = run.done()
        if done is not None:
            return {(node, output): artifact for output, artifact in done.outputs.items()}
    return {}
