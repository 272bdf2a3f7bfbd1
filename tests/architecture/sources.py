"""The sources as the architecture tests see them: every module of the package, parsed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "glassworks"


@dataclass(frozen=True)
class Source:
    """One Python file: `name` is its path below the package, with forward slashes."""

    name: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def parse(file: Path, below: Path) -> Source:
    return Source(
        file.relative_to(below).as_posix(), ast.parse(file.read_text(encoding="utf-8"), str(file))
    )


@cache
def package_sources() -> tuple[Source, ...]:
    return tuple(parse(file, PACKAGE) for file in sorted(PACKAGE.rglob("*.py")))


def called_name(call: ast.Call) -> str:
    """The dotted name that is called, as far as it is plain names: `torch.load`, `eval`, else `""`."""
    parts: list[str] = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join(reversed([*parts, node.id]))


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported anywhere in the file, lazy imports included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
