"""What a text source is: settings, and one function that yields documents.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first. The same settings must give the same
documents in the same order; what lies outside the store is pinned in `resolve` (a fingerprint in the settings), so
that a changed file is a changed setting and what depends on it runs again.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from glassworks.lm.data.documents import Document
from glassworks.specs.base import Config


@dataclass(frozen=True)
class LeftOut:
    """A file that was not read, and why."""

    name: str
    code: str
    message: str


@dataclass
class Listener:
    """`tell(done, total)` is called with bytes as they come; what it raises ends the reading."""

    tell: Callable[[int, int], None] = lambda done, total: None

    def hear(self, done: int, total: int) -> None:
        self.tell(done, total)


@dataclass(frozen=True)
class Reading:
    """Documents as a stream, and how many there will be (0: not known)."""

    documents: Iterator[Document]
    num_documents: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    """Files that could not be read, noted while `documents` is read; most sources refuse instead."""
    position: Callable[[], tuple[int, int]] | None = None
    """Bytes read and to read, where the number of documents is not known before."""
    listener: Listener = field(default_factory=Listener)
    """Hears of bytes that are fetched between two documents; whoever reads may put an ear there."""


class Source(ABC):
    """Base of all text sources."""

    Config: ClassVar[type[Config]]
    libraries: ClassVar[tuple[str, ...]] = ()
    """Distributions whose version changes the documents."""

    @staticmethod
    @abstractmethod
    def read(config: Any) -> Reading:
        """The documents that `config` asks for. What is wrong with the input is said before the first document."""

    @classmethod
    def resolve(cls, config: Any) -> Any:
        """Replace `auto` by what is found now (see `Stage.resolve`)."""
        return config
