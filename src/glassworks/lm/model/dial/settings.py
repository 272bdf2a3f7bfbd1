"""What the dial sets: an architecture and the settings of its training, from `depth` alone.

In: depth and the size of the vocabulary; optionally how many tokens there are, and how many are to be read. Out:
`DialSetting`. The rules are in `rules`; here they meet the shape table, which knows what a model costs.
"""

from math import ceil
from typing import Any

from glassworks.lm.estimate.cost import training_flops_per_token
from glassworks.lm.estimate.table import ShapeTable
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.dial import rules
from glassworks.lm.model.shapes import shape_table
from glassworks.specs.base import Spec

MAX_DEPTH = 96
NUM_MEASUREMENTS = 20
"""Evaluations over a run; samples half as often."""
MAX_CHECKPOINTS = 5


class DialSetting(Spec):
    """`training` is a `config` of train_model; `tokens` is what its steps read, `epochs` None where the text is unknown."""

    depth: int
    document: dict[str, Any]
    training: dict[str, Any]
    parameters: int
    multiplying: int
    """Parameters that multiply: all but the embedding, and norms' and biases' vectors."""
    tokens: int
    training_flops: float
    epochs: float | None
    is_short_of_text: bool
    """The text allows less than the rule for the horizon asks for."""


def turn(
    depth: int, vocab_size: int, tokens_available: int | None = None, tokens: int | None = None
) -> DialSetting:
    """The dial at `depth`. tokens: how many to read; left out, the rule for the horizon says it."""
    architecture = architecture_at(depth, vocab_size)
    table = shape_table(architecture)
    multiplying = sum(row.num_parameters for row in table.rows if row.flops_per_token)
    wanted = tokens or rules.horizon(multiplying)
    reading = wanted if tokens_available is None else rules.epochs(wanted, tokens_available)
    training = _training(table, architecture, reading)
    read = int(training["steps"]) * int(training["batch_size"]) * architecture.context
    return DialSetting(
        depth=depth,
        document=architecture.to_json(),
        training=training,
        parameters=table.num_parameters,
        multiplying=multiplying,
        tokens=read,
        training_flops=training_flops_per_token(table) * read,
        epochs=read / tokens_available if tokens_available else None,
        is_short_of_text=reading < wanted,
    )


def architecture_at(depth: int, vocab_size: int) -> ArchitectureConfig:
    """The model of this depth, with the parts of the recipe first-model."""
    document = {
        "vocab_size": vocab_size,
        "context": rules.context(depth),
        "width": rules.width(depth),
        "layers": depth,
        "attention": {"kind": "grouped", "heads": rules.heads(depth), "has_qk_norm": True},
        "position": {"kind": "rotary"},
        "norm": {"kind": "rms_norm"},
        "feed_forward": {"kind": "squared_relu"},
    }
    return parse_architecture(document)


def _training(
    table: ShapeTable, architecture: ArchitectureConfig, num_tokens: int
) -> dict[str, Any]:
    batch = rules.batch(training_flops_per_token(table) * num_tokens, architecture.context)
    steps = max(1, round(num_tokens / (batch * architecture.context)))
    every = max(1, ceil(steps / NUM_MEASUREMENTS))
    return {
        "steps": steps,
        "batch_size": batch,
        "optimizer": {
            "kind": "muon",
            "learning_rate": rules.matrix_rate(architecture.width),
            "adamw": {
                "learning_rate": rules.vector_rate(architecture.width),
                "weight_decay": 0.0,
            },
        },
        "schedule": {"kind": "warmup_stable_decay"},
        "evaluate_every": every,
        "sample_every": 2 * every,
        "checkpoint_every": max(1, ceil(steps / MAX_CHECKPOINTS)),
    }
