"""What a text source is: settings, and one function that yields documents.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first. The same settings must give the same
documents in the same order; what lies outside the store is pinned in `resolve` (a fingerprint in the settings), so
that a changed file is a changed setting and what depends on it runs again.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from glassworks.lm.data.documents import Document
from glassworks.specs.base import Config


@dataclass(frozen=True)
class Reading:
    """Documents as a stream, and how many there will be (0: not known)."""

    documents: Iterator[Document]
    num_documents: int = 0


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
