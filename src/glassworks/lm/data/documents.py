"""A dataset: documents in `documents-*.parquet` with the columns id, text, source, group, meta.

In: documents, one after another. Out: the same, streamed, in the same order; neither side holds more than a few
megabytes. `group` ties together what must not be torn apart by a split; `meta` is a JSON object as text.
Unusual: the same documents always give the same bytes (fixed row groups and compression, no time stamps), because an
artifact is named by its content.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from glassworks.common.errors import BadData, NotFound
from glassworks.common.hashing import canonical_json

COLUMNS = ("id", "text", "source", "group", "meta")
SCHEMA = pa.schema([pa.field(name, pa.string(), nullable=False) for name in COLUMNS])
ROW_GROUP_BYTES = 8 << 20
ROW_GROUP_DOCUMENTS = 65_536
FILE_BYTES = 512 << 20
READ_DOCUMENTS = 1024


@dataclass(frozen=True)
class Document:
    """One text. `id` is unique in its dataset; `group` defaults to the id."""

    id: str
    text: str
    source: str
    group: str
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def num_bytes(self) -> int:
        return len(self.text.encode())


VALUES: dict[str, Callable[[Document], str]] = {
    "id": attrgetter("id"),
    "text": attrgetter("text"),
    "source": attrgetter("source"),
    "group": attrgetter("group"),
    "meta": lambda document: canonical_json(document.meta),
}
"""What of a document stands in each column."""


@dataclass(frozen=True)
class RowGroup:
    """Documents that lie together in a file: about 8 MB of text, which can be read by itself, in another process too."""

    path: Path
    number: int
    num_documents: int

    def __iter__(self) -> Iterator[Document]:
        for batch in open_table(self.path).iter_batches(
            batch_size=READ_DOCUMENTS, row_groups=[self.number], columns=list(COLUMNS)
        ):
            yield from documents_in(batch)

    def rows(self) -> Any:
        """The same as one record batch of pyarrow's. Raises BadData when the table is damaged."""
        table = open_table(self.path)
        try:
            found = table.read_row_group(self.number, columns=list(COLUMNS)).combine_chunks()
        except (pa.ArrowException, OSError) as error:
            raise _damaged(self.path, error) from error
        return pa.record_batch([one.combine_chunks() for one in found.columns], schema=SCHEMA)

    def take(self, rows: list[int]) -> list[Document]:
        """Some of them, by their rows. Raises BadData when the table is damaged."""
        return list(documents_in(self.rows().take(pa.array(rows, pa.int64()))))


class DatasetWriter:
    """Writes a dataset into `folder`; a context manager, complete when it is left without an error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[Document] = []
        self._waiting_rows: list[Any] = []
        self._num_waiting = 0
        self._waiting_bytes = 0
        self._file: Any = None
        self._file_bytes = 0
        self._num_files = 0
        self.num_documents = 0
        self.num_bytes = 0

    def __enter__(self) -> "DatasetWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._close_file()

    def add(self, document: Document) -> None:
        self._waiting.append(document)
        self._count(1, document.num_bytes)

    def add_rows(self, rows: Any) -> None:
        """Documents as they lie in a dataset (`DatasetReader.batches`): the same as `add` for each, at a tenth of the cost."""
        ends = np.cumsum(pc.binary_length(rows.column("text")).to_numpy(), dtype=np.int64)
        at, before = 0, 0
        while at < rows.num_rows:
            by_bytes = np.searchsorted(ends, before + ROW_GROUP_BYTES - self._waiting_bytes) + 1
            by_number = at + ROW_GROUP_DOCUMENTS - self._num_waiting
            stop = int(min(by_bytes, by_number, rows.num_rows))
            self._set_waiting_apart()
            self._waiting_rows.append(rows.slice(at, stop - at))
            self._count(stop - at, int(ends[stop - 1]) - before)
            at, before = stop, int(ends[stop - 1])

    def summary(self) -> dict[str, Any]:
        return {"documents": self.num_documents, "bytes": self.num_bytes}

    def _count(self, num_documents: int, num_bytes: int) -> None:
        self._num_waiting += num_documents
        self._waiting_bytes += num_bytes
        self.num_documents += num_documents
        self.num_bytes += num_bytes
        if self._waiting_bytes >= ROW_GROUP_BYTES or self._num_waiting >= ROW_GROUP_DOCUMENTS:
            self._flush()

    def _set_waiting_apart(self) -> None:
        """Single documents become rows, so that the order stays."""
        if self._waiting:
            self._waiting_rows.append(_rows(self._waiting))
            self._waiting = []

    def _flush(self) -> None:
        self._set_waiting_apart()
        if not self._waiting_rows:
            return
        if self._file is None:
            path = self._folder / f"documents-{self._num_files:05}.parquet"
            self._file = pq.ParquetWriter(
                path, SCHEMA, compression="zstd", use_dictionary=False, store_schema=False
            )
            self._num_files += 1
        table = pa.Table.from_batches(self._waiting_rows, SCHEMA)
        self._file.write_table(table.combine_chunks())
        self._file_bytes += self._waiting_bytes
        self._waiting_rows, self._num_waiting, self._waiting_bytes = [], 0, 0
        if self._file_bytes >= FILE_BYTES:
            self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._file_bytes = None, 0


class DatasetReader:
    """The documents of a dataset. Raises NotFound for a folder that holds none, BadData for a damaged table."""

    def __init__(self, folder: Path) -> None:
        self._paths = sorted(folder.glob("documents-*.parquet"))
        if not self._paths:
            raise NotFound(
                "dataset-not-found",
                f"{folder} is not a dataset: it holds no documents-*.parquet.",
                "Import the text again.",
                str(folder),
            )
        self.num_documents = sum(open_table(path).metadata.num_rows for path in self._paths)

    def __iter__(self) -> Iterator[Document]:
        for batch in self.batches():
            yield from documents_in(batch)

    def row_groups(self) -> list[RowGroup]:
        """The dataset in parts that can be read each by itself, in order."""
        return [
            RowGroup(path, number, metadata.row_group(number).num_rows)
            for path in self._paths
            for metadata in [open_table(path).metadata]
            for number in range(metadata.num_row_groups)
        ]

    def at(self, ordinals: Iterable[int]) -> Iterator[tuple[int, Document]]:
        """Single documents by their places, in order, each with its place; only the row groups that hold them are read.

        What lies beyond the end is passed over.
        """
        wanted = sorted(set(ordinals))
        begin = 0
        for group in self.row_groups():
            end = begin + group.num_documents
            here = [ordinal for ordinal in wanted if begin <= ordinal < end]
            if here:
                found = group.take([ordinal - begin for ordinal in here])
                yield from zip(here, found, strict=True)
            begin = end

    def groups(self) -> set[str]:
        """The groups of the documents; the texts are not read."""
        return {group for batch in self.batches(["group"]) for group in batch.column(0).to_pylist()}

    def rows(self, *columns: str) -> Iterator[dict[str, Any]]:
        """Some columns of each document, in order, as they are stored; the others are not read."""
        for batch in self.batches(columns):
            yield from batch.to_pylist()

    def batches(self, columns: Sequence[str] = COLUMNS) -> Iterator[Any]:
        """The documents as pyarrow's record batches: for those who pass them on without looking into them."""
        for path in self._paths:
            yield from open_table(path).iter_batches(READ_DOCUMENTS, columns=list(columns))


def open_table(path: Path) -> Any:
    """A file of a dataset, as pyarrow sees it. Raises BadData when it is damaged."""
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> BadData:
    return BadData(
        "damaged-dataset", f"{path.name} is damaged: {error}", "Import the text again.", str(path)
    )


def documents_in(batch: Any) -> Iterator[Document]:
    """The documents of a record batch (`DatasetReader.batches`)."""
    columns = (batch.column(name).to_pylist() for name in COLUMNS)
    for id_, text, source, group, meta in zip(*columns, strict=True):
        yield Document(id_, text, source, group, json.loads(meta))


def with_changes(batch: Any, changed: dict[int, Document]) -> Any:
    """The same record batch with other documents in some of its rows."""
    documents = [changed.get(row) for row in range(batch.num_rows)]
    columns = []
    for name, value_of in VALUES.items():
        old = batch.column(name).to_pylist()
        new = [
            was if one is None else value_of(one) for was, one in zip(old, documents, strict=True)
        ]
        columns.append(pa.array(new, pa.string()))
    return pa.record_batch(columns, schema=SCHEMA)


def _rows(documents: list[Document]) -> Any:
    columns = [pa.array(map(value_of, documents), pa.string()) for value_of in VALUES.values()]
    return pa.record_batch(columns, schema=SCHEMA)
