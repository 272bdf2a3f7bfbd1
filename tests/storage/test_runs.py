"""Run folders: made whole or not at all, found by id, beginning and key; the events in the order that `fold` wants."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData, Conflict, NotFound
from glassworks.specs.events import (
    AttemptEnded,
    AttemptStarted,
    CheckpointSaved,
    EvaluationRecorded,
    RunDone,
    RunProgress,
    RunRenamed,
    StopRequested,
)
from glassworks.specs.fold import fold
from glassworks.specs.run import RunSpec
from glassworks.storage.follow import RunFollower
from glassworks.storage.runs import RunFolder, RunStore, now_done
from tests.processes import kill_at_every_call


def spec(run: str, key: str = "k" * 64, created_at: str = "2026-01-01T00:00:00.000000Z") -> RunSpec:
    return RunSpec(id=run, kind="stage", name=f"n-{run}", created_at=created_at, key=key)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs", tmp_path / "keys")


def test_a_new_run_is_queued_and_found(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    assert run.spec() == spec("r000000001")
    assert (run.state().status, run.state().name) == ("queued", "n-r000000001")
    assert run.done() is None
    assert store.get("r000000001").path == run.path
    assert [found.id for found in store.with_key("k" * 64)] == ["r000000001"]
    assert store.with_key("x" * 64) == []
    assert list(store.leftovers()) == []


def test_newest_first(store: RunStore) -> None:
    for number in (2, 3, 1):
        store.create(spec(f"r00000000{number}", created_at=f"2026-01-0{number}"))
    newest_first = ["r000000003", "r000000002", "r000000001"]
    assert [run.id for run in store.all()] == newest_first
    assert [run.id for run in store.with_key("k" * 64)] == newest_first


def test_a_beginning_must_be_unambiguous(store: RunStore) -> None:
    for run in ("rabcd00001", "rabcd00002", "rxyz000001"):
        store.create(spec(run))
    assert store.get("rxyz").id == "rxyz000001"
    assert store.get("rabcd00001").id == "rabcd00001"
    with pytest.raises(Conflict) as caught:
        store.get("rabcd")
    assert caught.value.code == "ambiguous-id"


@pytest.mark.parametrize(
    "text", ["", "r", "rxy", "*", "r*", "/", "/etc/passwd", "../x", "[", "q" * 300]
)
def test_what_names_no_run_is_not_found(store: RunStore, text: str) -> None:
    store.create(spec("rxyz000001"))
    with pytest.raises(NotFound) as caught:
        store.get(text)
    assert caught.value.code == "run-not-found"


def test_a_run_that_cannot_be_made_leaves_nothing(store: RunStore) -> None:
    store.create(spec("r000000001"))
    with pytest.raises(OSError, match="Not a directory"):
        store.create(spec("r000000001").model_copy(update={"key": "k" * 64 + "/r000000001/deep"}))
    assert [path.name for path in store.root.iterdir()] == ["r000000001"]


def test_making_and_deleting_a_run_may_be_killed_at_any_call(
    store: RunStore, tmp_path: Path
) -> None:
    """A run is there whole and with its marker, or not at all; a marker without its run finds nothing."""
    kill_at_every_call(
        """
        import sys
        from pathlib import Path
        from glassworks.common.ids import new_run_id
        from glassworks.specs.run import RunSpec
        from glassworks.storage.runs import RunStore
        store = RunStore(Path(sys.argv[1]) / "runs", Path(sys.argv[1]) / "keys")

        def make():
            run = RunSpec(id=new_run_id(), kind="stage", name="n", created_at="t", key="k")
            return store.create(run)

        def prepare():
            for run in store.all_folders():
                store.delete(run)
            make()

        def work():
            store.delete(make())

        def check():
            runs = store.all_folders()
            assert all(run.spec().id == run.id and run.state().name == "n" for run in runs)
            assert {run.id for run in store.with_key("k")} == {run.id for run in runs}
        """,
        tmp_path,
    )
    assert len(store.all_folders()) == 1


def test_a_deleted_run_is_gone_with_its_marker(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    store.delete(run)
    assert store.all() == []
    assert store.with_key("k" * 64) == []
    assert list(store.leftovers()) == []


def test_attempts_count_up_and_zero_is_the_parents_state(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    assert run.attempts() == []
    run.attempt(0).state_dir.mkdir(parents=True)
    assert [run.new_attempt().number for _ in range(11)] == list(range(1, 12))
    assert run.attempt_numbers() == list(range(12))


def test_done_is_the_lineage(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    run.finish(done := now_done({"dataset": "a" * 64}, {"source": "b" * 64}))
    assert store.get("r000000001").done() == done


def write(log: Any, *events: Any) -> None:
    log.append(*(event.to_json() for event in events))


def two_attempts(run: RunFolder) -> None:
    """An attempt that is lost after step 20, and one that goes on from step 10."""
    first, second = run.new_attempt(), run.new_attempt()
    run.record(AttemptStarted(attempt=1))
    write(first.events, EvaluationRecorded(step=10, values={"loss": 2.0}))
    write(first.events, CheckpointSaved(step=10, artifact="a10"))
    write(first.events, EvaluationRecorded(step=20, values={"loss": 1.0}))
    first.metrics.append(*({"step": step, "loss": 9.0} for step in range(1, 21)))
    run.record(AttemptEnded(attempt=1, outcome="lost"))
    run.record(AttemptStarted(attempt=2, from_step=10, from_attempt=1))
    write(second.events, CheckpointSaved(step=10, artifact="a10"))
    second.metrics.append(*({"step": step, "loss": 5.0} for step in range(11, 16)))
    run.record(StopRequested(how="save"))
    write(second.events, RunProgress(done=15, total=20, unit="steps", phase="training"))


def test_events_come_in_the_order_that_fold_wants(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    two_attempts(run)
    assert [event.type for event in run.events()] == [
        "run.created",
        "attempt.started",
        "evaluation.recorded",
        "checkpoint.saved",
        "evaluation.recorded",
        "attempt.ended",
        "attempt.started",
        "stop.requested",
        "checkpoint.saved",
        "run.progress",
    ]
    state = run.state()
    assert [evaluation.step for evaluation in state.evaluations] == [10]
    assert [checkpoint.step for checkpoint in state.checkpoints] == [10]
    assert state.status == "stopping"


def test_rows_beyond_the_step_of_a_resume_do_not_count(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    two_attempts(run)
    rows = run.metric_rows()
    assert [row["step"] for row in rows] == list(range(1, 16))
    assert [row["loss"] for row in rows] == [9.0] * 10 + [5.0] * 5


def test_rows_before_an_attempt_from_nothing_do_not_count(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    for number in (1, 2):
        attempt = run.new_attempt()
        run.record(AttemptStarted(attempt=number))
        attempt.metrics.append({"step": 0, "loss": number}, {"step": 1, "loss": number})
        run.record(AttemptEnded(attempt=number, outcome="killed"))
    follower = RunFollower(run)
    follower.poll()
    assert run.metric_rows() == follower.rows == [{"step": 0, "loss": 2}, {"step": 1, "loss": 2}]


def test_a_follower_at_any_pace_ends_with_the_same_state(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    early, late = RunFollower(run), RunFollower(run)
    seen = early.poll()
    two_attempts(run)
    seen += early.poll()
    write(run.attempt(2).events, CheckpointSaved(step=20, artifact="a20"))
    run.attempt(2).metrics.append({"step": 16, "loss": 5.0})
    seen += early.poll()
    run.record(AttemptEnded(attempt=2, outcome="done"), RunDone(outputs={"checkpoint": "a20"}))
    seen += early.poll()
    late.poll()
    assert early.state == late.state == run.state() == fold(stamped.event for stamped in seen)
    assert early.rows == late.rows == run.metric_rows()
    assert early.cursor == late.cursor == "7:2:3"
    assert early.poll() == []


def test_the_snapshot_and_the_events_after_its_cursor_are_all_events(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    follower = RunFollower(run)
    follower.poll()
    snapshot = follower.state
    two_attempts(run)
    run.record(RunRenamed(name="other"))
    assert fold((stamped.event for stamped in follower.poll()), snapshot) == run.state()


@pytest.mark.parametrize("name", ["run.json", "DONE.json"])
def test_a_damaged_document_is_told(store: RunStore, name: str) -> None:
    run = store.create(spec("r000000001"))
    run.finish(now_done({}, {}))
    (run.path / name).write_text('{"id": ')
    with pytest.raises(BadData, match=f"The file {name} of run r000000001") as caught:
        _ = run.spec() if name == "run.json" else run.done()
    assert caught.value.code == "run-damaged"


def test_a_damaged_run_does_not_hide_the_others(store: RunStore) -> None:
    for number in (1, 2):
        store.create(spec(f"r00000000{number}"))
    store.get("r000000001").spec_file.write_text("")
    assert [run.id for run in store.all()] == ["r000000002"]
    assert [run.id for run in store.with_key("k" * 64)] == ["r000000002"]
    assert len(store.all_folders()) == 2


def test_a_line_that_is_no_event_is_told(store: RunStore) -> None:
    run = store.create(spec("r000000001"))
    run.ledger.append({"type": "run.exploded"})
    for read in (run.state, RunFollower(run).poll):
        with pytest.raises(BadData, match="holds something that is no event") as caught:
            read()
        assert caught.value.code == "log-damaged"
