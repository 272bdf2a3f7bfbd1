"""The shape table of an architecture, without building the model.

In: an architecture whose vocabulary size is known. Out: `ShapeTable`: one row for each weight and each product between
activations. Every component gives its own rows, so a new component is counted without a change here. A test holds the
table equal to the built model's parameters and to a FLOP count measured while it runs.
"""

from glassworks.lm.estimate.table import ShapeRow, ShapeTable, matrix, place
from glassworks.lm.model.architecture import ArchitectureConfig


def shape_table(architecture: ArchitectureConfig, vocab_size: int | None = None) -> ShapeTable:
    """All rows, in the order of the computation. Raises InvalidSpec when the vocabulary's size is known from neither."""
    config = architecture if vocab_size is None else architecture.with_vocab_size(vocab_size)
    width = config.width
    rows = [_embedding(config)]
    rows += place(config.position.shapes(width, config.context), "position.")
    for layer in range(config.layers):
        rows += place(_block(config), f"layers.{layer}.", layer)
    if config.norm_placement == "pre":
        rows += place(config.norm.shapes("norm", width), "norm.")
    rows += _head(config)
    return ShapeTable(
        context=config.context,
        vocab_size=config.num_tokens,
        rows=tuple(rows),
        num_cached_per_token=config.layers * config.attention.num_cached_per_token(width),
    )


def _embedding(config: ArchitectureConfig) -> ShapeRow:
    """Looking a row up multiplies nothing."""
    shape = (config.num_tokens, config.width)
    return ShapeRow(
        name="embedding.weight",
        part="embedding",
        shape=shape,
        num_parameters=shape[0] * shape[1],
        num_kept_per_token=1,
    )


def _block(config: ArchitectureConfig) -> list[ShapeRow]:
    width, second_norm = config.width, config.norm.shapes("norm", config.width)
    return [
        *place(config.norm.shapes("norm", width), "attention_norm."),
        *place(config.attention.shapes(width, config.context, config.norm), "attention."),
        *([] if config.is_parallel else place(second_norm, "feed_forward_norm.")),
        *place(config.feed_forward.shapes(width), "feed_forward."),
    ]


def _head(config: ArchitectureConfig) -> list[ShapeRow]:
    """The scores are kept in the model's dtype and once more, in effect, by the loss: three times is what is measured."""
    row = matrix("head.weight", "head", config.num_tokens, config.width)
    num_copies = 2 if config.logit_cap is None else 3
    row = row.model_copy(update={"num_kept_per_token": num_copies * config.num_tokens})
    if not config.is_tied:
        return [row]
    return [row.model_copy(update={"name": "head", "shape": (), "num_parameters": 0})]
