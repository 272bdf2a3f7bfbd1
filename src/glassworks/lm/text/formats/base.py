"""What a file format is: endings, a look at the first bytes, and one function that yields what is in a file.

In: a path on disk (members of archives are put there first, one at a time) and how the person wants it read. Out: extracts,
one after another, each with the place where it stood. Formats that are tables or chats go by a column mapping; the others
give the file as one text, or a text for each page.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

from glassworks.lm.text.mapping import ColumnMapping


@dataclass(frozen=True)
class ReadOptions:
    """How a person wants files read."""

    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    pages: Literal["together", "apart"] = "together"
    max_bytes: int = 1 << 30
    """Most that one file may become once it is unpacked; what lies above is refused."""


@dataclass(frozen=True)
class Extract:
    """A text of a file. `place` is unique in the file ("page 3", "line 12") or empty, when the file is one text."""

    text: str
    place: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    """The id that the file gives it, if its mapping names a column for that."""
    group: str = ""
    """What must not be torn apart by a split, if its mapping names a column for that."""


class Format(ABC):
    """Base of all formats."""

    title: ClassVar[str]
    """What people call it: "PDF"."""
    endings: ClassVar[tuple[str, ...]]
    is_rows: ClassVar[bool] = False
    """Whether it holds many documents by nature: a table, or a file of lines."""

    @staticmethod
    def looks_like(head: bytes) -> bool:
        """Whether a file that begins like this is of this format, whatever its name says."""
        return False

    @staticmethod
    @abstractmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        """What is in the file. Raises BadData for what cannot be read, before or between extracts."""

    @staticmethod
    def rows(path: Path) -> Iterator[dict[str, Any]]:
        """For tables and chats: the rows as they stand, to guess a mapping from."""
        return iter(())
