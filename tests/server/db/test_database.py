"""Transactions are whole or nothing, also with two writers, and SQLite runs as it must."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from glassworks.server.db.database import Database, sqlite_url
from glassworks.server.db.tables import NoticeRow, ProjectRow, SessionRow


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = Database(sqlite_url(tmp_path))
    found.migrate()
    return found


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        session.add(ProjectRow(name="half", created_at="t"))
        session.flush()
        raise ZeroDivisionError
    with database.transaction() as session:
        assert session.get(ProjectRow, "half") is None


def test_sqlite_writes_ahead_and_holds_foreign_keys(database: Database) -> None:
    with database.transaction() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(
            SessionRow(
                token_hash="h", user_id="nobody", csrf_token="c", created_at="t", expires_at="t"
            )
        )


def test_writers_wait_for_each_other(database: Database) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 50):
            with database.transaction() as session:
                session.add(ProjectRow(name=f"p{number}", created_at="t"))

    threads = [threading.Thread(target=write, args=(n * 50,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM project")) == 200


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.transaction() as writer:
        writer.add(NoticeRow(time="t", project="p", kind="done", run="r", title="x", text="y"))
        writer.flush()
        with database.transaction() as reader:
            assert reader.scalar(text("SELECT count(*) FROM notice")) == 0
