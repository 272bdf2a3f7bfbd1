"""What a filter is: settings, and one function that looks at a document.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first. Documents come one after another, in the order of
the dataset; a filter may remember what it saw (duplicates do), on disk in `scratch` where that is much. The same documents in
the same order always get the same verdicts.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from glassworks.lm.data.documents import Document
from glassworks.specs.base import Config


@dataclass(frozen=True)
class Twin:
    """The document that stays in place of one that is taken out. `similarity` is from 0 to 1."""

    id: str
    similarity: float


@dataclass(frozen=True)
class Changed:
    """The document stays with another text. `reason` says what was done; `span` is where, in characters of the old text."""

    text: str
    reason: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Removed:
    """The document is taken out. `span` is the part that decided it, in characters."""

    reason: str
    span: tuple[int, int] | None = None
    twin: Twin | None = None


Verdict = Changed | Removed | None
"""None: the document stays as it is."""


class Filter(ABC):
    """Base of all filters; an instance sees one dataset."""

    Config: ClassVar[type[Config]]
    libraries: ClassVar[tuple[str, ...]] = ()
    """Distributions whose version can change a verdict."""

    def __init__(self, config: Any, scratch: Path) -> None:
        self.config = config
        self.scratch = scratch

    @abstractmethod
    def look(self, document: Document) -> Verdict:
        """What becomes of a document. Raises InvalidSpec for settings that cannot be used."""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of files."""
