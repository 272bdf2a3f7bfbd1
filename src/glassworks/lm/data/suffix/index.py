"""An index of a text on disk: its bytes, its suffix array, and which document stands where.

In: documents, one after another. Out, in a folder:

    text-00000.bin       the documents' UTF-8 bytes, each with a byte 255 behind it, which stands in no text
    suffixes-00000.bin   where its characters begin, in the order of the suffixes that begin there (uint32)
    starts.npy           where each document begins, counted over all pieces (int64)
    documents.parquet    id and source of each document, in their order
    index.json           {format, num_documents, num_bytes, num_characters, pieces}

Since no text holds the byte 255, nothing that is looked up reaches from one document into the next. Characters are compared as
they are: no case, space or accent is changed, so what is found stands in the text exactly so.

Unusual: the text is cut into pieces of whole documents, about `piece_bytes` each, and each has an array of its own. Sorting needs
about 60 times a piece's size in memory whatever the whole is; looking something up asks each piece. All files are memory-mapped.
"""

import json
import mmap
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.data.documents import Document
from glassworks.lm.data.suffix.sorting import suffix_array

FORMAT = 1
FIGURES_FILE, STARTS_FILE, DOCUMENTS_FILE = "index.json", "starts.npy", "documents.parquet"
BORDER = b"\xff"
PIECE_BYTES = 16 << 20
MOST_BYTES = (1 << 32) - 1
"""What a uint32 can count: more is not sorted at once."""
FIRST_CHUNK = 16


class IndexWriter:
    """Writes an index into `folder`; a context manager, complete when it is left without an error."""

    def __init__(
        self,
        folder: Path,
        piece_bytes: int = PIECE_BYTES,
        tick: Callable[[], None] | None = None,
    ) -> None:
        """tick: called again and again while a piece is sorted; what it raises ends the work."""
        self._folder, self._piece_bytes, self._tick = folder, piece_bytes, tick
        self._piece = bytearray()
        self._num_pieces = 0
        self._starts: list[int] = []
        self._names: list[tuple[str, str]] = []
        self.num_bytes = 0
        self.num_characters = 0

    def __enter__(self) -> "IndexWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish_piece()
            self._write_documents()

    def add(self, document: Document) -> None:
        """Raises BadData for one document that is too long to be sorted."""
        text = document.text.encode() + BORDER
        if len(text) > MOST_BYTES:
            raise BadData(
                "text-too-long",
                f"The document {document.id!r} has {len(text):,} bytes; one of at most {MOST_BYTES:,} is indexed.",
                "Cut it into several documents.",
                document.id,
            )
        if self._piece and len(self._piece) + len(text) > self._piece_bytes:
            self._finish_piece()
        self._starts.append(self.num_bytes)
        self._names.append((document.id, document.source))
        self._piece += text
        self.num_bytes += len(text)
        self.num_characters += len(document.text)

    @property
    def num_documents(self) -> int:
        return len(self._starts)

    def summary(self) -> dict[str, Any]:
        return {
            "documents": self.num_documents,
            "bytes": self.num_bytes - self.num_documents,
            "characters": self.num_characters,
        }

    def _finish_piece(self) -> None:
        if not self._piece:
            return
        text_N = np.frombuffer(bytes(self._piece), np.uint8)
        name = f"{self._num_pieces:05}.bin"
        (self._folder / f"text-{name}").write_bytes(text_N.tobytes())
        suffixes_N = suffix_array(text_N, self._tick)
        begun = suffixes_N[_begins_character(text_N)[suffixes_N]]
        begun.astype("<u4").tofile(self._folder / f"suffixes-{name}")
        self._num_pieces += 1
        self._piece = bytearray()

    def _write_documents(self) -> None:
        np.save(self._folder / STARTS_FILE, np.array(self._starts, "<i8"), allow_pickle=False)
        columns = {
            "id": pa.array([name for name, _ in self._names], pa.string()),
            "source": pa.array([source for _, source in self._names], pa.string()),
        }
        pq.write_table(
            pa.table(columns), self._folder / DOCUMENTS_FILE, compression="zstd", store_schema=False
        )
        figures = {
            "format": FORMAT,
            "num_documents": self.num_documents,
            "num_bytes": self.num_bytes,
            "num_characters": self.num_characters,
            "pieces": self._num_pieces,
        }
        text = json.dumps(figures, indent=1, sort_keys=True) + "\n"
        (self._folder / FIGURES_FILE).write_text(text, encoding="utf-8")


def _begins_character(text_N: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which bytes begin a character: not those that go on with one (10xxxxxx), and not a border."""
    begins_N: npt.NDArray[np.bool_] = ((text_N & 0xC0) != 0x80) & (text_N != BORDER[0])
    return begins_N


@dataclass(frozen=True)
class Piece:
    """A stretch of the text with its suffix array, both memory-mapped. `begin`: where it stands in the whole."""

    text: mmap.mmap
    suffixes: npt.NDArray[np.uint32]
    begin: int

    def longest(self, query: bytes, start: int) -> int:
        """Length in bytes of the longest beginning of `query[start:]` that stands in this piece.

        A binary search for the place where `query[start:]` would stand among the suffixes: what it shares most with are its
        neighbors there, and the search has met both. What all suffixes between the bounds share is not compared again.
        """
        low, high = 0, len(self.suffixes)
        shared_low = shared_high = longest = 0
        while low < high:
            middle = (low + high) // 2
            place, known = int(self.suffixes[middle]), min(shared_low, shared_high)
            shared = known + _num_equal(self.text, place + known, query, start + known)
            longest = max(longest, shared)
            if start + shared == len(query):
                return shared
            if self.text[place + shared] < query[start + shared]:
                low, shared_low = middle + 1, shared
            else:
                high, shared_high = middle, shared
        return longest

    def places(self, pattern: bytes) -> npt.NDArray[np.uint32]:
        """Where `pattern` stands, in the order of what follows it."""
        size = len(pattern)

        def beginning(place: int) -> bytes:
            return self.text[place : place + size]

        first = bisect_left(self.suffixes, pattern, key=beginning)
        last = bisect_right(self.suffixes, pattern, lo=first, key=beginning)
        return self.suffixes[first:last]


class TextIndex:
    """An index, opened. Raises NotFound for another folder, InvalidSpec for a newer format, BadData for a damaged one."""

    def __init__(self, folder: Path) -> None:
        figures = _read_figures(folder)
        self.folder = folder
        self.num_documents: int = figures["num_documents"]
        self.num_characters: int = figures["num_characters"]
        self.pieces: list[Piece] = []
        begin = 0
        for number in range(figures["pieces"]):
            self.pieces.append(_open_piece(folder, number, begin))
            begin += len(self.pieces[-1].text)
        if begin != figures["num_bytes"]:
            raise _damaged(folder)
        self._starts = np.load(folder / STARTS_FILE, mmap_mode="r", allow_pickle=False)

    def document_at(self, piece: Piece, place: int) -> tuple[int, int]:
        """The document (counted from 0) in which a place of a piece lies, and where it begins in that piece."""
        ordinal = int(np.searchsorted(self._starts, piece.begin + place, side="right")) - 1
        return ordinal, int(self._starts[ordinal]) - piece.begin

    def name_of(self, ordinal: int) -> tuple[str, str]:
        """(id, source) of a document."""
        return self._names["id"][ordinal].as_py(), self._names["source"][ordinal].as_py()

    @cached_property
    def _names(self) -> Any:
        return pq.read_table(self.folder / DOCUMENTS_FILE, memory_map=True)


def _open_piece(folder: Path, number: int, begin: int) -> Piece:
    try:
        with (folder / f"text-{number:05}.bin").open("rb") as file:
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        file_of_suffixes = folder / f"suffixes-{number:05}.bin"
        has_any = file_of_suffixes.stat().st_size > 0  # documents without text have no suffix
        suffixes: Any = np.memmap(file_of_suffixes, "<u4", "r") if has_any else np.empty(0, "<u4")
    except (OSError, ValueError) as error:
        raise _damaged(folder) from error
    return Piece(text, suffixes, begin)


def _num_equal(text: mmap.mmap, at: int, query: bytes, start: int) -> int:
    """How many bytes are equal from these places on: in chunks that double, then halved down to the byte."""
    num, size = 0, FIRST_CHUNK
    while (wanted := query[start + num : start + num + size]) and text[
        at + num : at + num + len(wanted)
    ] == wanted:
        num += len(wanted)
        size *= 2
    while size := size // 2:
        wanted = query[start + num : start + num + size]
        if len(wanted) == size and text[at + num : at + num + size] == wanted:
            num += size
    return num


def _read_figures(folder: Path) -> dict[str, Any]:
    try:
        figures: dict[str, Any] = json.loads((folder / FIGURES_FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotFound(
            "index-not-found",
            f"{folder} is no index of a text: {FIGURES_FILE} is missing.",
            "Have the dataset indexed first (stage `index_text`).",
            str(folder),
        ) from error
    if figures.get("format") != FORMAT:
        raise InvalidSpec(
            "newer-format",
            f"{folder} has the format {figures.get('format')}; this version reads {FORMAT}.",
            "Update Glassworks, or index the text again.",
            str(folder),
        )
    return figures


def _damaged(folder: Path) -> BadData:
    return BadData(
        "damaged-index",
        f"The index {folder} is damaged: a file is missing or has another size than it should.",
        "Delete it and index the text again; `glassworks doctor --store` says what is wrong.",
        str(folder),
    )
