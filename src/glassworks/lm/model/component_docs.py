"""What a component's file says about itself, read from its docstring, so that no words are written twice.

In: a module. Out: `ComponentDocs`: the title and the one sentence of its first line, and the sections that it labels:

    Idea: ...   Formula: ...   Shapes: ...   Source: ...

A section ends at the next label. Unusual: a label may also begin a sentence inside a line (`Shapes: x -> x. Source: ...`);
lines of a formula keep their breaks, prose is joined.
"""

import re
from pathlib import Path
from types import ModuleType

from glassworks.specs.base import Spec

KNOWN = ("Idea", "Formula", "Shapes", "Source", "Letters", "Unusual")
LABEL = re.compile(
    rf"(?:^|(?<=\. ))(?P<label>{'|'.join(KNOWN)}):\s|^(?P<other>[A-Z][\w-]*(?: \([^)\n]*\))?): ",
    re.MULTILINE,
)
PACKAGE = Path(__file__).parents[2]
"""`glassworks/`: components are named from there."""


class ComponentDocs(Spec):
    """`words`: one sentence, what the part is for; `file`: below the package, empty for a plugin's."""

    title: str
    words: str
    idea: str = ""
    formula: str = ""
    shapes: str = ""
    source: str = ""
    file: str = ""


def read_docs(module: ModuleType) -> ComponentDocs:
    """The head of a component's file; a section that it does not have is empty."""
    text = (module.__doc__ or "").strip()
    first = _joined(text.partition("\n\n")[0])
    title, words = _split_title(first, module.__name__.rpartition(".")[2])
    sections = _sections(text)
    return ComponentDocs(
        title=title,
        words=words,
        idea=_prose(sections.get("Idea", "")),
        formula=_lines(sections.get("Formula", "")),
        shapes=_joined(sections.get("Shapes", "")),
        source=_joined(sections.get("Source", "")).rstrip("."),
        file=_file(module),
    )


def _split_title(first: str, name: str) -> tuple[str, str]:
    """`Title: one sentence.`; a line without a title is the sentence, and the file's name the title."""
    sentence = re.split(rf"(?<=\.) (?:{'|'.join(KNOWN)}): ", first)[0]
    title, colon, rest = sentence.partition(": ")
    if not colon or len(title) > 60:
        return name.replace("_", " ").capitalize(), sentence
    return title, rest[:1].upper() + rest[1:]


def _sections(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    marks = [*LABEL.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        label = mark["label"]
        if label and label not in found:
            found[label] = text[mark.end() : end].split("\n\n", maxsplit=1)[0]
    return found


def _prose(text: str) -> str:
    """Indented lines, which are lists, stay lines of their own."""
    text = re.sub(r"\n(?! {4})", " ", text.strip())
    lines = [_joined(line) for line in text.splitlines()]
    return "\n".join([lines[0][:1].upper() + lines[0][1:], *lines[1:]]) if lines else ""


def _joined(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _file(module: ModuleType) -> str:
    path = Path(getattr(module, "__file__", None) or "")
    return path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else ""
