"""The index comes from the folders alone, and a start reads only what changed."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from glassworks.server.db.database import Database, sqlite_url
from glassworks.server.db.tables import (
    AttemptRow,
    ItemRow,
    JobRow,
    ProjectRow,
    RunRow,
    UserRow,
    VersionRow,
)
from glassworks.server.jobs.index import index_changed, reindex
from glassworks.server.live.views import RunView
from glassworks.specs.events import RunRenamed
from glassworks.storage.store import Store, open_store
from tests.engine.stores import make_artifact, make_training


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = Database(sqlite_url(tmp_path))
    found.migrate()
    return found


def test_everything_is_rebuilt_from_the_folders_alone(store: Store, database: Database) -> None:
    flow, stage = make_training(store, "hamlet")
    for text in ("one", "two"):
        store.items.add_version("dataset", "plays", make_artifact(store, "dataset", text), flow.id)
    store.items.add_version("tokenizer", "bard", make_artifact(store, "tokenizer", "t"), None, "x")
    with database.transaction() as session:
        session.add(UserRow(id="local", name="Mary", preferences={}, created_at="t"))
        session.add(JobRow(run="r000000000", project="default", state="queued", created_at="t"))

    counts = reindex(database, store)

    assert (counts.runs, counts.items, counts.projects, counts.unreadable) == (2, 2, 2, ())
    with database.transaction() as session:
        rows = {row.id: row for row in session.scalars(select(RunRow))}
        assert {rows[flow.id].kind, rows[stage.id].kind} == {"flow", "stage"}
        view = RunView.model_validate(rows[flow.id].view)
        assert (view.status, view.nodes[0].run) == ("done", stage.id)
        assert [attempt.run for attempt in session.scalars(select(AttemptRow))] == [stage.id]
        versions = session.scalars(select(VersionRow).where(VersionRow.name == "plays"))
        assert sorted(version.number for version in versions) == [1, 2]
        assert {row.name for row in session.scalars(select(ProjectRow))} == {"default", "x"}
        assert session.get_one(UserRow, "local").name == "Mary"
        assert session.scalar(select(JobRow.run)) == "r000000000"


def test_what_is_gone_from_the_folders_goes_from_the_index(
    store: Store, database: Database
) -> None:
    flow, stage = make_training(store, "hamlet")
    store.items.add_version("dataset", "plays", make_artifact(store, "dataset", "one"), None)
    index_changed(database, store)
    for run in (flow, stage):
        store.runs.delete(run)
    store.items.files()[0].unlink()

    counts = index_changed(database, store)

    assert (counts.runs, counts.items) == (0, 0)
    with database.transaction() as session:
        for table in (RunRow, AttemptRow, ItemRow, VersionRow):
            assert list(session.scalars(select(table))) == []


def test_a_run_that_ended_is_read_again_only_when_it_changed(
    store: Store, database: Database
) -> None:
    flow, _ = make_training(store, "hamlet")
    index_changed(database, store)
    _set_name(database, flow.id, "as it was")  # whoever reads the folder would write "hamlet"

    index_changed(database, store)
    assert _name(database, flow.id) == "as it was"

    flow.record(RunRenamed(name="ophelia"))
    index_changed(database, store)
    assert _name(database, flow.id) == "ophelia"


def test_a_run_that_has_not_ended_is_read_at_every_start(store: Store, database: Database) -> None:
    flow, _ = make_training(store, "hamlet", is_done=False)
    index_changed(database, store)
    _set_name(database, flow.id, "as it was")
    index_changed(database, store)
    assert _name(database, flow.id) == "hamlet"


def test_rows_of_another_form_are_written_anew(store: Store, database: Database) -> None:
    flow, _ = make_training(store, "hamlet")
    index_changed(database, store)
    with database.transaction() as session:
        session.execute(update(RunRow).values(mark="older:1", view={"only": "this"}))
    index_changed(database, store)
    with database.transaction() as session:
        assert RunView.model_validate(session.get_one(RunRow, flow.id).view).name == "hamlet"


def test_one_damaged_run_and_one_damaged_item_do_not_hide_the_others(
    store: Store, database: Database
) -> None:
    flow, _ = make_training(store, "hamlet")
    broken, _ = make_training(store, "macbeth")
    broken.spec_file.write_text("{")
    for name in ("plays", "sonnets"):
        store.items.add_version("dataset", name, make_artifact(store, "dataset", name), None)
    store.items.files()[0].write_text("{")

    counts = reindex(database, store)

    assert (counts.runs, counts.items) == (3, 1)
    assert [problem.split(":")[0] for problem in counts.unreadable] == [
        f"run {broken.id}",
        "item dataset/plays",
    ]
    assert _name(database, flow.id) == "hamlet"


def _name(database: Database, run: str) -> str:
    with database.transaction() as session:
        return session.get_one(RunRow, run).name


def _set_name(database: Database, run: str, name: str) -> None:
    with database.transaction() as session:
        session.execute(update(RunRow).where(RunRow.id == run).values(name=name))
