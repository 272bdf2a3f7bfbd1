"""Search in a dataset: `search.sqlite`, an index of all words, and where each document lies.

In: documents in order, each with its place in the tables. Out: one file with two tables:

    documents_fts   FTS5 over the texts without the texts themselves; rowid = ordinal + 1
    documents       ordinal, id, source, group, num_bytes, and file, row_group, row in `documents-*.parquet`

So a page finds which documents hold some words, and reads just these from the tables. Words are those of SQLite's `unicode61`:
runs of letters and digits, without case and accents. Unusual: the same documents give the same bytes (an artifact is named by its
content): one portion after another, no journal, no times, and a copy without gaps at the end.
"""

import sqlite3
from pathlib import Path
from types import TracebackType

from glassworks.lm.data.documents import Document
from glassworks.specs.description import SEARCH_FILE

PAGE_BYTES = 4096
CACHE_KIBIBYTES = 32 << 10
WORDS_IN_MEMORY_BYTES = 16 << 20
TABLES = f"""
PRAGMA page_size = {PAGE_BYTES};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -{CACHE_KIBIBYTES};
CREATE TABLE documents (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, "group" TEXT NOT NULL,
    num_bytes INTEGER NOT NULL, file INTEGER NOT NULL, row_group INTEGER NOT NULL, row INTEGER NOT NULL
);
CREATE VIRTUAL TABLE documents_fts USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2');
INSERT INTO documents_fts(documents_fts, rank) VALUES('hashsize', {WORDS_IN_MEMORY_BYTES});
"""


class SearchWriter:
    """Writes `search.sqlite` into `folder`; a context manager, complete when it is left without an error."""

    def __init__(self, folder: Path) -> None:
        self._target = folder / SEARCH_FILE
        self._unfinished = folder / f"{SEARCH_FILE}.unfinished"
        self._db = sqlite3.connect(self._unfinished, isolation_level=None)
        self._db.executescript(TABLES)
        self._db.execute("BEGIN")
        self._num = 0

    def __enter__(self) -> "SearchWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._db.close()
            self._unfinished.unlink()

    def add(self, document: Document, file: int, row_group: int, row: int) -> None:
        """The next document. file: the number in its table's name; row: counted from the row group's beginning."""
        self._db.execute(
            "INSERT INTO documents_fts(rowid, text) VALUES (?, ?)", (self._num + 1, document.text)
        )
        place = (document.num_bytes, file, row_group, row)
        about = (self._num, document.id, document.source, document.group, *place)
        self._db.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", about)
        self._num += 1

    def _finish(self) -> None:
        self._db.execute("INSERT INTO documents_fts(documents_fts) VALUES('optimize')")
        self._db.execute("CREATE INDEX documents_by_id ON documents (id)")
        self._db.execute("COMMIT")
        self._db.execute("VACUUM INTO ?", (str(self._target),))
