"""The schema: every revision leads to the newest one with its data, and the newest one is what the tables say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from glassworks.server.db.database import MIGRATIONS, Database, newest_revision, sqlite_url
from glassworks.server.db.tables import Base


def revisions() -> list[str]:
    """Every revision, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in found][::-1]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(sqlite_url(tmp_path))


# One row of what is the database's own truth, and one of the index, as the first revision knew them.
ROWS = (
    "INSERT INTO user (id, name, persona, preferences, created_at) VALUES ('local', 'You', 'learner', '{\"theme\": \"dark\"}', 't0')",
    "INSERT INTO session (token_hash, user_id, csrf_token, created_at, expires_at) VALUES ('h', 'local', 'c', 't0', 't9')",
    "INSERT INTO project (name, created_at) VALUES ('sonnets', 't0')",
    "INSERT INTO run (id, kind, name, project, status, created_at, view) VALUES ('r1', 'flow', 'first', 'sonnets', 'done', 't0', '{}')",
    "INSERT INTO attempt (run, number, started_at, from_step) VALUES ('r1', 1, 't0', 0)",
    "INSERT INTO job (run, project, state, is_proof, created_at) VALUES ('r1', 'sonnets', 'queued', 0, 't0')",
    "INSERT INTO notice (time, project, kind, run, title, text, is_read) VALUES ('t0', 'sonnets', 'done', 'r1', 'x', 'y', 0)",
)


@pytest.mark.parametrize("revision", revisions())
def test_every_revision_leads_to_the_newest_with_its_data(
    database: Database, revision: str
) -> None:
    database.migrate(revision)
    assert database.revision() == revision
    with database.transaction() as session:
        for row in ROWS:
            session.execute(text(row))

    database.migrate()

    assert database.revision() == newest_revision()
    with database.transaction() as session:
        assert session.scalar(text("SELECT persona FROM user")) == "learner"
        assert session.scalar(text("SELECT csrf_token FROM session")) == "c"
        assert session.scalar(text("SELECT name FROM run JOIN attempt ON run.id = attempt.run"))
        assert session.scalar(text("SELECT state FROM job")) == "queued"
        assert session.scalar(text("SELECT title FROM notice")) == "x"


def test_the_newest_revision_is_what_the_tables_say(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_file_names_tell_the_newest_revision() -> None:
    assert newest_revision() == revisions()[-1]


def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()
    database.migrate()
    assert database.revision() == newest_revision()
