"""An architecture part by part: what each is for, its formula, its matrices, and what it costs.

In: an architecture whose vocabulary size is known. Out: `Explanation`. Words, formulas and sources come from the component
files' own docstrings, figures from the shape table. Unusual: equal blocks are told once, with how often they repeat.
"""

import re
import sys
from itertools import groupby
from typing import Any, Literal

from glassworks.lm.estimate.cost import cache_bytes_per_token, training_flops_per_token
from glassworks.lm.estimate.table import ShapeRow
from glassworks.lm.model import block, transformer
from glassworks.lm.model.architecture import REGISTRIES, ArchitectureConfig
from glassworks.lm.model.component_docs import ComponentDocs, read_docs
from glassworks.lm.model.shapes import shape_table
from glassworks.specs.base import Spec

Role = Literal["embedding", "position", "norm", "attention", "feed_forward", "residual", "head"]
CACHE_DTYPE = "bf16"
WEIGHT_BYTES = 2
PLAIN: dict[str, ComponentDocs] = {
    "embedding": ComponentDocs(
        title="Embedding",
        words="Each token's number is exchanged for a vector that the model has learned for it.",
        formula="x = E[token]",
        source="Bengio et al. 2003, A Neural Probabilistic Language Model",
    ),
    "head": ComponentDocs(
        title="Head",
        words="The stream becomes one score for every token that could come next.",
        formula="scores = W x",
        source="Vaswani et al. 2017, Attention Is All You Need",
    ),
    "tied_head": ComponentDocs(
        title="Tied head",
        words="The embedding's vectors are used once more: the score of a token is how well its vector fits the stream.",
        formula="scores = E x",
        source="Press and Wolf 2017, Using the Output Embedding to Improve Language Models",
    ),
}
"""Parts that have no file of their own."""


class MatrixView(Spec):
    """A weight or a product between activations (`role` product, no shape). FLOPs of one position's forward pass."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    flops_per_token: float
    role: Literal["matrix", "vector", "product"]


class Part(Spec):
    """One part. `repeats`: in how many equal layers it stands; its figures are those of one of them."""

    id: str
    role: Role
    kind: str
    layer: int | None
    repeats: int
    title: str
    words: str
    idea: str
    formula: str
    source: str
    file: str
    matrices: tuple[MatrixView, ...]
    parameters: int
    flops_per_token: float
    cached_per_token: int
    kept_per_token: float


class BlockView(Spec):
    """`repeats` equal layers from `first` on."""

    first: int
    repeats: int
    parameters: int
    flops_per_token: float


class Explanation(Spec):
    """`cache_bytes_per_token` and `weight_bytes` in bf16; `flops_per_token` forward, one position of a full context."""

    parameters: int
    embedding_parameters: int
    flops_per_token: float
    training_flops_per_token: float
    cache_bytes_per_token: int
    weight_bytes: int
    kept_per_token: float
    blocks: tuple[BlockView, ...]
    parts: tuple[Part, ...]


def explain(architecture: ArchitectureConfig) -> Explanation:
    """Every part, in the order of the computation. Raises InvalidSpec where the vocabulary's size is not known."""
    table = shape_table(architecture)
    by_module: dict[str, list[ShapeRow]] = {}
    for row in table.rows:
        by_module.setdefault(_module_of(row), []).append(row)
    blocks = _blocks(table.rows)
    repeats = {block.first: block.repeats for block in blocks}
    modules = _with_weightless(architecture, by_module)
    parts = [
        _part(architecture, module, rows, repeats)
        for module, rows in modules.items()
        if (layer := _layer_of(module)) is None or layer in repeats
    ]
    return Explanation(
        parameters=table.num_parameters,
        embedding_parameters=sum(part.parameters for part in parts if part.role == "embedding"),
        flops_per_token=table.flops_per_token,
        training_flops_per_token=training_flops_per_token(table),
        cache_bytes_per_token=cache_bytes_per_token(table, CACHE_DTYPE),
        weight_bytes=table.num_parameters * WEIGHT_BYTES,
        kept_per_token=table.num_kept_per_token,
        blocks=tuple(blocks),
        parts=tuple(parts),
    )


def _module_of(row: ShapeRow) -> str:
    """`layers.3.attention.q.weight` -> `layers.3.attention`; `embedding.weight` -> `embedding`."""
    pieces = row.name.split(".")
    return ".".join(pieces[:3]) if pieces[0] == "layers" else pieces[0]


def _layer_of(module: str) -> int | None:
    pieces = module.split(".")
    return int(pieces[1]) if pieces[0] == "layers" else None


def _blocks(rows: tuple[ShapeRow, ...]) -> list[BlockView]:
    """Neighboring layers with the same rows are one block."""
    layered = [row for row in rows if row.layer is not None]
    layers = [list(found) for _, found in groupby(layered, key=lambda row: row.layer)]
    blocks: list[BlockView] = []
    before: list[dict[str, Any]] | None = None
    for number, found in enumerate(layers):
        content = [_without_layer(row) for row in found]
        if content == before:
            last = blocks[-1]
            blocks[-1] = last.model_copy(update={"repeats": last.repeats + 1})
        else:
            blocks.append(
                BlockView(
                    first=number,
                    repeats=1,
                    parameters=sum(row.num_parameters for row in found),
                    flops_per_token=sum(row.flops_per_token for row in found),
                )
            )
        before = content
    return blocks


def _without_layer(row: ShapeRow) -> dict[str, Any]:
    name = row.name.removeprefix(f"layers.{row.layer}.")
    return {**row.model_dump(exclude={"layer"}), "name": name}


def _with_weightless(
    config: ArchitectureConfig, by_module: dict[str, list[ShapeRow]]
) -> dict[str, list[ShapeRow]]:
    """Positions stand behind the embedding also where they have no weights; the stream behind each block's parts."""
    ordered: dict[str, list[ShapeRow]] = {"embedding": by_module["embedding"]}
    ordered["position"] = by_module.get("position", [])
    previous: int | None = None
    for module, rows in by_module.items():
        layer = _layer_of(module)
        if previous is not None and layer != previous:
            ordered[f"layers.{previous}.residual"] = []
        previous = layer
        ordered.setdefault(module, rows)
    return ordered if config.norm_placement == "pre" else _norms_behind(config, ordered)


def _norms_behind(
    config: ArchitectureConfig, ordered: dict[str, list[ShapeRow]]
) -> dict[str, list[ShapeRow]]:
    """After the sum: a part's norm stands behind it; the one norm of a parallel layer behind both parts."""
    modules = list(ordered)
    for module in [module for module in modules if module.endswith("_norm")]:
        modules.remove(module)
        layer, _, part = module.removesuffix("_norm").rpartition(".")
        last = f"{layer}.feed_forward" if config.is_parallel else f"{layer}.{part}"
        modules.insert(modules.index(last) + 1, module)
    return {module: ordered[module] for module in modules}


def _part(
    config: ArchitectureConfig, module: str, rows: list[ShapeRow], repeats: dict[int, int]
) -> Part:
    layer = _layer_of(module)
    role = _role(module.rpartition(".")[2])
    kind, docs = _kind_and_docs(config, role)
    return Part(
        id=module,
        role=role,
        kind=kind,
        layer=layer,
        repeats=1 if layer is None else repeats[layer],
        matrices=tuple(_matrix(row, module) for row in rows),
        parameters=sum(row.num_parameters for row in rows),
        flops_per_token=sum(row.flops_per_token for row in rows),
        cached_per_token=config.attention.num_cached_per_token(config.width)
        if role == "attention"
        else 0,
        kept_per_token=sum(row.num_kept_per_token for row in rows),
        **docs.model_dump(exclude={"shapes"}),
    )


def _role(name: str) -> Role:
    if name.endswith("norm"):
        return "norm"
    roles: dict[str, Role] = {
        "embedding": "embedding",
        "position": "position",
        "attention": "attention",
        "feed_forward": "feed_forward",
        "head": "head",
    }
    return roles.get(name, "residual")


def _kind_and_docs(config: ArchitectureConfig, role: Role) -> tuple[str, ComponentDocs]:
    if role in REGISTRIES:
        kind = str(getattr(config, role).kind)
        return kind, docs_of(role, kind)
    if role == "residual":
        return _order(config), _residual_docs(config)
    kind = "tied_head" if role == "head" and config.is_tied else role
    return kind, PLAIN[kind].model_copy(update={"file": read_docs(transformer).file})


def _order(config: ArchitectureConfig) -> str:
    """How the block's file calls the order of norms and parts: `pre`, `post, parallel`."""
    return f"{config.norm_placement}, parallel" if config.is_parallel else config.norm_placement


def _residual_docs(config: ArchitectureConfig) -> ComponentDocs:
    """The block's own words; the formula is the line of its docstring that begins with the chosen order."""
    lines = [line.strip() for line in (block.__doc__ or "").splitlines()]
    head = re.compile(rf"{re.escape(_order(config))} {{2,}}(?P<formula>\S.*)")
    formulas = [match["formula"] for line in lines if (match := head.fullmatch(line))]
    formula = "\n".join(formulas).replace(";  ", "\n")
    return read_docs(block).model_copy(update={"title": "Residual stream", "formula": formula})


def docs_of(part: str, kind: str) -> ComponentDocs:
    """What the file of a component says about it."""
    component = REGISTRIES[part].load(kind)
    return read_docs(sys.modules[component.__module__])


def _matrix(row: ShapeRow, module: str) -> MatrixView:
    name = row.name.removeprefix(f"{module}.") if row.name != module else module
    role: Literal["matrix", "vector", "product"] = "product"
    if row.shape:
        role = "vector" if len(row.shape) == 1 else "matrix"
    return MatrixView(
        name=name,
        shape=row.shape,
        parameters=row.num_parameters,
        flops_per_token=row.flops_per_token,
        role=role,
    )
