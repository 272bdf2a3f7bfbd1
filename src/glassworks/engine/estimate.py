"""Before a run: what a recipe's training will need. Arithmetic over the architecture's shape table and machine.json.

A time that cannot be known yet is None, never a guess.
"""

import shutil
from typing import Any

from glassworks.common.errors import GlassworksError
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.architectures import architecture_document
from glassworks.engine.history import speed_history
from glassworks.engine.known import figure, known_inputs, vocab_size
from glassworks.engine.plan import resolve_nodes
from glassworks.engine.scaling import data_in, predicted_final_loss
from glassworks.engine.workshop import Workshop
from glassworks.flow.graph import check_flow, source_of
from glassworks.specs.flow import InlineDocument, RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory
from glassworks.storage.store import Store

ARCHITECTURE = "architecture"
BEGUN_TRAINED = "It begins from weights that have learned already, so its first loss is theirs."


def estimate_recipe(
    workshop: Workshop,
    recipe: RecipeSpec,
    machine: MachineSpec | None,
    project: str = DEFAULT_PROJECT,
) -> dict[str, Any]:
    """`{"recipe", "nodes": {node: {parameters, flops, memory_bytes, time_s, ...}}}` for each node with an architecture.

    A model whose vocabulary is only known once its tokenizer is there is left out. `time_s` leans on `based_on_runs` finished trainings here; `time_error` is by how much they would have been missed.
    """
    order = check_flow(recipe, workshop.catalog.stages)
    history = speed_history(workshop.store, machine) if machine else SpeedHistory()
    answers = resolve_nodes(workshop, recipe, order, machine)
    nodes = {}
    for name in order:
        document = _architecture(workshop, recipe, name, project)
        if document is not None:
            node, store = recipe.nodes[name], workshop.store
            inputs = known_inputs(workshop, recipe, answers, name, project)
            size = vocab_size(workshop, recipe, answers, name, project)
            if size is None and document.get("vocab_size") is None:
                continue
            found = estimate_node(
                workshop, node.stage, node.config, document, size, machine, history
            )
            nodes[name] = found | _of_the_text(store, found, inputs, "init_from" in node.inputs)
    return {"recipe": recipe.name, "nodes": nodes}


def _of_the_text(
    store: Store, found: dict[str, Any], inputs: dict[str, str], is_begun_trained: bool
) -> dict[str, Any]:
    """How often the text is read, and with which loss it begins and ends, as far as that is known."""
    if "num_tokens" not in found:
        return {}
    tokens = figure(store, inputs.get("train"), "tokens")
    epochs = found["num_tokens"] / tokens if tokens else None
    first = {"first_loss": None, "first_loss_reason": BEGUN_TRAINED} if is_begun_trained else {}
    last = expected_final_loss(store, found["parameters"], found["num_tokens"], inputs)
    return {"tokens_available": tokens, "epochs": epochs, **first, **last}


def expected_final_loss(
    store: Store, parameters: int, tokens: int, inputs: dict[str, str]
) -> dict[str, Any]:
    """From finished runs of other sizes on the same text; without them it is None, and `..._reason` says so."""
    data = data_in(inputs) if "train" in inputs else None
    try:
        loss = predicted_final_loss(store, parameters, tokens, data)
    except GlassworksError as error:
        return {"predicted_final_loss": None, "predicted_final_loss_reason": error.message}
    known = loss.prediction
    return {
        "predicted_final_loss": known.value if known else None,
        "predicted_final_loss_range": [known.low, known.high] if known else None,
        "predicted_final_loss_reason": loss.reason,
    }


def estimate_node(
    workshop: Workshop,
    stage: str,
    config: dict[str, Any],
    architecture: dict[str, Any],
    vocab_size: int | None,
    machine: MachineSpec | None,
    history: SpeedHistory,
) -> dict[str, Any]:
    """The helper's figures for one stage with an architecture."""
    asked = {
        "stage": stage,
        "config": config,
        "architecture": architecture,
        "vocab_size": vocab_size,
        "machine": machine.to_json() if machine else {},
        "history": history.to_json(),
        "free_disk_bytes": shutil.disk_usage(workshop.store.root).free,
    }
    return workshop.tools.call("estimate", asked, timeout_s=60)


def _architecture(
    workshop: Workshop, recipe: RecipeSpec, name: str, project: str
) -> dict[str, Any] | None:
    """The document that a node's model is built from, where it is known before the run."""
    given = recipe.nodes[name].inputs.get(ARCHITECTURE)
    if given is None:
        return None
    if isinstance(given, InlineDocument):
        return given.inline
    source = source_of(recipe, given)
    if source.reference is None:
        return None
    return architecture_document(workshop, source.reference, project)
