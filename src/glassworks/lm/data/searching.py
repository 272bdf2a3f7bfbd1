"""Search in a dataset: `search.sqlite`, an index of all words, and where each document lies.

In: documents in order, each with its place in the tables. Out: one file with two tables:

    documents_fts   FTS5 over the texts without the texts themselves; rowid = ordinal + 1
    documents       ordinal, id, source, group, num_bytes, and file, row_group, row in `documents-*.parquet`

So a page finds which documents hold some words, and reads just these from the tables. Words are those of SQLite's `unicode61`:
runs of letters and digits, without case and accents; of Chinese and Japanese each character is one (`specs.description.apart`). Unusual: the same documents give the same bytes (an artifact is named by its
content): one portion after another, no journal, no times, and a copy without gaps at the end.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from glassworks.common.errors import Unavailable
from glassworks.lm.data.documents import Document
from glassworks.specs.description import SEARCH_FILE, apart
from glassworks.specs.stage import Stopped

PAGE_BYTES = 4096
CACHE_KIBIBYTES = 16 << 10
WORDS_IN_MEMORY_BYTES = 4 << 20
MERGED_PAGES = 2000
"""How much of the index is merged between two looks at whether to stop."""
STEPS_OF_SQLITE = 100_000
INTERRUPTED = "interrupted"
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
INSERT INTO documents_fts(documents_fts, rank) VALUES('usermerge', 2);
"""


class SearchWriter:
    """Writes `search.sqlite` into `folder`; a context manager, finished when it is left without an error.

    Raises Unavailable where SQLite was built without full-text search.
    """

    def __init__(self, folder: Path) -> None:
        self._target = folder / SEARCH_FILE
        self._unfinished = folder / f"{SEARCH_FILE}.unfinished"
        self._db = sqlite3.connect(self._unfinished, isolation_level=None)
        self._make_tables()
        self._db.execute("BEGIN")
        self._num = 0
        self._is_finishing = False

    def __enter__(self) -> "SearchWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self._is_finishing:
                self.finish(lambda: False)
        finally:
            self._db.close()
            self._unfinished.unlink()

    def add(self, document: Document, file: int, row_group: int, row: int) -> None:
        """The next document. file: the number in its table's name; row: counted from the row group's beginning."""
        self._db.execute(
            "INSERT INTO documents_fts(rowid, text) VALUES (?, ?)",
            (self._num + 1, apart(document.text)),
        )
        place = (document.num_bytes, file, row_group, row)
        about = (self._num, document.id, document.source, document.group, *place)
        self._db.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", about)
        self._num += 1

    def finish(self, should_stop: Callable[[], bool]) -> None:
        """Merge the index into one part and write the file. Raises Stopped when `should_stop`, asked now and then, says so."""
        self._is_finishing = True
        self._merge(should_stop)
        self._db.set_progress_handler(should_stop, STEPS_OF_SQLITE)
        try:
            self._db.execute("CREATE INDEX documents_by_id ON documents (id)")
            self._db.execute("COMMIT")
            self._db.execute("VACUUM INTO ?", (str(self._target),))
        except sqlite3.OperationalError as error:
            self._target.unlink(missing_ok=True)
            if str(error) == INTERRUPTED:
                raise Stopped from None
            raise

    def _make_tables(self) -> None:
        try:
            self._db.executescript(TABLES)
        except sqlite3.OperationalError as error:
            self.__exit__(type(error), error, None)
            if "no such module" not in str(error):
                raise
            raise Unavailable(
                "no-full-text-search",
                f"This Python's SQLite {sqlite3.sqlite_version} has no full-text search: {error}.",
                "Use a Python whose SQLite has FTS5; those of python.org, Debian and conda do.",
            ) from error

    def _merge(self, should_stop: Callable[[], bool]) -> None:
        """Step by step: the first, with a minus, begins; one that changes nothing was the last."""
        self._db.execute(
            "COMMIT"
        )  # writes down the words that are in memory; only what is written is merged
        self._db.execute("BEGIN")
        pages, before = -MERGED_PAGES, -2
        while self._db.total_changes - before >= 2:
            if should_stop():
                raise Stopped
            before = self._db.total_changes
            self._db.execute(
                "INSERT INTO documents_fts(documents_fts, rank) VALUES ('merge', ?)", (pages,)
            )
            pages = MERGED_PAGES
