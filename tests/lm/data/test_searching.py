"""`search.sqlite`: words find documents, documents are found in the tables, the file is the same each time."""

import sqlite3
from pathlib import Path

import pytest

from glassworks.common.errors import Unavailable
from glassworks.lm.data import Document, searching
from glassworks.lm.data.searching import SearchWriter
from glassworks.specs.description import apart
from glassworks.specs.stage import Stopped

TEXTS = [
    "Der Glasbläser bläst.",
    "blaser",
    "",
    "日本語のテスト",
    "a\x00b null",
    "don't stop",
    "the the the",
]


def write(folder: Path, texts: list[str]) -> Path:
    folder.mkdir()
    with SearchWriter(folder) as writer:
        for number, text in enumerate(texts):
            document = Document(f"id{number}", text, "s", "g")
            writer.add(document, file=number // 5, row_group=number % 5, row=number)
    assert [file.name for file in folder.iterdir()] == ["search.sqlite"]
    return folder / "search.sqlite"


def search(file: Path, query: str) -> list[int]:
    db = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    rows = db.execute(
        "SELECT rowid - 1 FROM documents_fts WHERE documents_fts MATCH ? ORDER BY rowid", (query,)
    ).fetchall()
    db.close()
    return [row[0] for row in rows]


def test_words_without_case_and_accents(tmp_path: Path) -> None:
    file = write(tmp_path / "a", TEXTS)
    assert search(file, "GLASBLASER") == [0]
    assert search(file, "blaser OR blast") == [0, 1]
    assert search(file, '"glasblaser blast"') == [0]
    assert search(file, apart('"日本語"')) == search(file, apart('"テスト"')) == [3]
    assert search(file, apart('"本日"')) == []
    assert search(file, "null") == [4]
    assert search(file, "nothing") == []


def test_places_of_documents(tmp_path: Path) -> None:
    db = sqlite3.connect(write(tmp_path / "a", TEXTS))
    rows = db.execute("SELECT * FROM documents ORDER BY ordinal").fetchall()
    assert len(rows) == len(TEXTS)
    assert rows[3] == (3, "id3", "s", "g", 21, 0, 3, 3)
    assert rows[6] == (6, "id6", "s", "g", 11, 1, 1, 6)
    plan = db.execute("EXPLAIN QUERY PLAN SELECT ordinal FROM documents WHERE id = 'x'").fetchall()
    assert "documents_by_id" in str(plan)
    db.close()


def test_the_same_documents_give_the_same_file_in_one_part(tmp_path: Path) -> None:
    texts = [f"word{n % 977} number {n} of {n * n % 5003}" for n in range(3000)]
    one, two = (write(tmp_path / name, texts) for name in ("a", "b"))
    assert one.read_bytes() == two.read_bytes()
    db = sqlite3.connect(one)
    assert db.execute("SELECT count(DISTINCT segid) FROM documents_fts_idx").fetchone() == (1,)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_many_portions_of_words_are_merged_into_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = searching.TABLES.replace(str(searching.WORDS_IN_MEMORY_BYTES), "20000")
    monkeypatch.setattr(searching, "TABLES", small)
    monkeypatch.setattr(searching, "MERGED_PAGES", 5)
    texts = [f"word{n} number {n} of {n * n % 5003}" for n in range(3000)]
    file = write(tmp_path / "a", texts)
    db = sqlite3.connect(file)
    assert db.execute("SELECT count(DISTINCT segid) FROM documents_fts_idx").fetchone() == (1,)
    db.close()
    assert search(file, "word2999") == [2999]
    assert len(search(file, "number")) == 3000


@pytest.mark.parametrize("stop_after", [0, 1, 2, 5, 20])
def test_a_stop_leaves_nothing(
    stop_after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked before each merge, and every few steps of SQLite."""
    monkeypatch.setattr(searching, "STEPS_OF_SQLITE", 10)
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > stop_after

    with SearchWriter(tmp_path) as writer:
        for number in range(500):
            writer.add(Document(f"{number}", f"text {number}", "s", "g"), 0, 0, number)
        with pytest.raises(Stopped):
            writer.finish(should_stop)
    assert asked == stop_after + 1
    assert list(tmp_path.iterdir()) == []


def test_a_sqlite_without_full_text_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a SQLite is rare; one without FTS77 says the same."""
    monkeypatch.setattr(searching, "TABLES", searching.TABLES.replace("fts5(", "fts77("))
    with pytest.raises(Unavailable, match="no such module: fts77"):
        SearchWriter(tmp_path)
    assert list(tmp_path.iterdir()) == []
