"""What a filter is: settings, and a function that looks at a document by itself, or at documents beside those before them.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first. A `Filter` looks at one document alone, in whatever
process; it remembers nothing. A `ComparingFilter` sees all documents in the order of the dataset and remembers them, on disk
in `scratch`; what it needs of a document it measures in whatever process, and that is where its work should lie. The same
documents in the same order always get the same verdicts.

A `SurveyingFilter` has to know the whole dataset before it can judge one document: it sees each document first, as it came
before any step, keeps what it found in `scratch`, and looks with that in whatever process.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
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
    """Base of all filters."""

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


class ComparingFilter(Filter):
    """Base of those that compare; an instance sees one dataset."""

    @staticmethod
    @abstractmethod
    def measure(document: Document) -> bytes:
        """What is compared, made from this document alone."""

    @abstractmethod
    def compare(self, ids: Sequence[str], measures: Sequence[bytes]) -> list[Verdict]:
        """What becomes of the next documents, in order."""

    def look(self, document: Document) -> Verdict:
        """One document as the next one."""
        return self.compare([document.id], [self.measure(document)])[0]


class SurveyingFilter(Filter):
    """Base of those that see all documents before they look at any."""

    @abstractmethod
    def survey(self, document: Document) -> None:
        """See the next document; called for all of them, in order."""

    @abstractmethod
    def keep(self) -> None:
        """All were seen: put what was found into `scratch`."""

    @classmethod
    @abstractmethod
    def kept(cls, config: Any, scratch: Path) -> "SurveyingFilter":
        """One that looks, with what `keep` put there."""
