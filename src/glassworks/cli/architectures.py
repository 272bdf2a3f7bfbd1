"""What the commands about architectures share: their argument, and how an architecture is told.

In: a name, `name@2`, a preset, or a file in YAML, JSON or a hub's `config.json`. Out: its document, and lines for people.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from glassworks.cli import numbers
from glassworks.common.errors import BadData
from glassworks.engine.architectures import LIMIT_S, NamedArchitecture, find_architecture
from glassworks.engine.workshop import Workshop

ArchitectureArgument = Annotated[
    str,
    typer.Argument(
        metavar="REF|FILE|PRESET",
        help="An architecture: its name, name@2, a preset, or a file (YAML, JSON, config.json).",
    ),
]
VocabOption = Annotated[
    int | None,
    typer.Option(
        "--vocab-size", min=2, max=2_000_000, help="Tokens, where the document leaves it open."
    ),
]
LEFT = 14
Json = dict[str, Any]


def open_architecture(workshop: Workshop, text: str, project: str) -> NamedArchitecture:
    """What exists as a file is that file. Raises NotFound, BadData, InvalidSpec."""
    path = Path(text)
    if not path.is_file():
        return find_architecture(workshop, text, project)
    read = workshop.tools.call("architecture_import", {"text": text_of(path)}, LIMIT_S)
    return NamedArchitecture(text, read["document"])


def text_of(path: Path) -> str:
    """Raises BadData for what is no text in UTF-8."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(
            "file-not-readable",
            f"The file {path} cannot be read as text: {error}.",
            "An architecture is a text file in UTF-8.",
            str(path),
        ) from error


def figures(found: Json) -> Iterator[tuple[str, str]]:
    """(what, how much) of a whole model."""
    counted = numbers.exact(found["parameters"])
    yield "parameters", f"{counted} ({numbers.exact(found['embedding_parameters'])} embedding)"
    assumed = ", assumed" if found["is_vocab_assumed"] else ""
    yield "vocabulary", f"{numbers.exact(found['vocab_size'])} tokens{assumed}"
    yield "forward", f"{numbers.flops(found['flops_per_token'])} a token"
    yield "training", f"{numbers.flops(found['training_flops_per_token'])} a token"
    yield "KV cache", f"{numbers.size(found['cache_bytes_per_token'])} a token, in bf16"
    yield "weights", f"{numbers.size(found['weight_bytes'])} in bf16"


def part_lines(part: Json) -> Iterator[str]:
    """A part in words, its formula, its matrices, what it costs."""
    times = f", {part['repeats']} times" if part["repeats"] > 1 else ""
    yield f"{part['id']}: {part['title']}{times}"
    yield f"  {part['words']}"
    for line in part["formula"].splitlines():
        yield f"  {line}"
    for matrix in part["matrices"]:
        if matrix["shape"]:
            shape = " x ".join(map(str, matrix["shape"]))
            yield f"  {matrix['name']:<{LEFT}} {shape:<14} {numbers.count(matrix['parameters'])}"
    yield f"  {cost(part)}"


def cost(part: Json) -> str:
    """What one copy of a part costs, in one line."""
    found = [f"{numbers.exact(part['parameters'])} parameters"]
    if part["flops_per_token"]:
        found.append(f"{numbers.flops(part['flops_per_token'])} a token")
    if part["cached_per_token"]:
        found.append(f"{numbers.exact(part['cached_per_token'])} numbers a token in the cache")
    return ", ".join(found)
