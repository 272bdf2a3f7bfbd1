"""Driving flows with real workers: cache, stop, resume, kills of worker, driver and all, damaged states."""

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psutil
import pytest

from glassworks.common.errors import Conflict, DiskFull, Unavailable
from glassworks.common.settings import Settings
from glassworks.engine.attempt import Stopper, complete_ledger
from glassworks.engine.drive import drive, open_flow_run
from glassworks.engine.workshop import Workshop
from glassworks.specs.artifact import MANIFEST
from glassworks.specs.flow import PlanSpec
from glassworks.specs.order import HeartbeatSpec
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder
from tests.conftest import MACHINE, make_home
from tests.engine.conftest import Made
from tests.engine.counts import (
    child,
    counted,
    driver_process,
    losses,
    number_of,
    plan,
    planned,
    run_plan,
    until_rows,
)
from tests.engine.plugin.counting import Count
from tests.processes import IS_ROOT, small_disk, until

Damage = Callable[[Path], None]


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file that does not exist yet: `count` waits for it."""
    return tmp_path / "gate"


def held(gate: Path, at: int, steps: int = 20) -> PlanSpec:
    """One count that waits at step `at`."""
    return plan(planned("count", Count.Config(steps=steps, hold_at=at, gate=str(gate))))


def two(steps: int = 4, **second: Any) -> PlanSpec:
    return plan(
        planned("first", Count.Config(steps=steps)),
        planned("second", Count.Config(steps=3, **second), before="first"),
    )


def actions(run: RunFolder) -> dict[str, str]:
    return {name: decision.action for name, decision in run.state().nodes.items()}


def reasons(run: RunFolder) -> dict[str, str]:
    return {name: decision.reason for name, decision in run.state().nodes.items()}


def outcomes(state: RunState) -> list[str | None]:
    return [attempt.outcome for attempt in state.attempts]


def heartbeat(run: RunFolder, attempt: int = 1) -> HeartbeatSpec:
    text = (run.attempt(attempt).path / "heartbeat.json").read_text()
    return HeartbeatSpec.model_validate_json(text)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def assert_exact(workshop: Workshop, run: RunFolder, steps: int = 20) -> None:
    """The result and every row are those of a count that nobody disturbed."""
    stage = child(workshop, run, "count")
    assert run.state().status == stage.state().status == "done"
    assert number_of(workshop, run) == counted(steps)
    assert [row["loss"] for row in stage.metric_rows()] == losses(steps)
    evaluations = [evaluation.step for evaluation in stage.state().evaluations]
    assert evaluations == list(range(5, steps + 1, 5))


# --- cache -------------------------------------------------------------------------------------------------------


def test_a_flow_runs_then_everything_is_reused_and_then_only_what_changed_runs(
    workshop: Workshop,
) -> None:
    first = run_plan(workshop, two())
    assert first.state().status == "done"
    assert reasons(first) == {"first": "never run", "second": "never run"}
    assert number_of(workshop, first, "second") == counted(3, before=counted(4))
    outputs = first.state().outputs
    assert sorted(outputs) == ["first.dataset", "second.dataset"]
    item = workshop.store.items.get("dataset", "counted")
    assert (item.latest.number, item.latest.artifact) == (1, outputs["second.dataset"])
    assert item.latest.run == first.state().nodes["second"].run

    again = run_plan(workshop, two())
    assert again.id != first.id
    assert actions(again) == {"first": "reuse", "second": "reuse"}
    of_first = first.state().nodes["first"].run
    assert reasons(again)["first"] == f"nothing it depends on changed since run {of_first}"
    assert again.state().outputs == outputs
    assert workshop.store.items.get("dataset", "counted").latest.number == 1

    changed = run_plan(workshop, two(seed=7))
    assert actions(changed) == {"first": "reuse", "second": "run"}
    assert changed.state().nodes["second"].changes == ("config seed: 1337 → 7",)
    assert reasons(changed)["second"] == "config seed: 1337 → 7"
    assert workshop.store.items.get("dataset", "counted").latest.number == 2


def test_other_names_and_another_order_run_nothing(workshop: Workshop, counted_twice: Made) -> None:
    renamed = plan(
        planned("beta", Count.Config(steps=4)),
        planned("alpha", Count.Config(steps=3), before="beta"),
    )
    assert actions(run_plan(workshop, renamed)) == {"beta": "reuse", "alpha": "reuse"}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("delete", "artifact {id} is no longer in the store"),
        ("truncate", "in artifact {id} number.txt has 3 bytes instead of 64"),
        ("manifest", "artifact {id} is no longer in the store"),
    ],
)
def test_a_result_that_is_lost_or_damaged_is_made_anew(
    workshop: Workshop, counted_twice: Made, damage: str, words: str
) -> None:
    first = workshop.store.runs.get(counted_twice.run)
    name = first.state().outputs["first.dataset"]
    folder = workshop.store.artifacts.path(name)
    if damage == "delete":
        workshop.store.artifacts.delete(name)
    elif damage == "truncate":
        (folder / "number.txt").chmod(0o644)
        (folder / "number.txt").write_text("123")
    else:
        (folder / MANIFEST).unlink()

    again = run_plan(workshop, two())
    assert actions(again) == {"first": "run", "second": "reuse"}
    told = words.format(id=name[:12])
    assert reasons(again)["first"] == f"its result cannot be used: {told}"
    assert again.state().outputs == first.state().outputs
    assert workshop.store.artifacts.verify(name) == []


def test_fresh_runs_everything_anew(workshop: Workshop, counted_twice: Made) -> None:
    first = workshop.store.runs.get(counted_twice.run)
    fresh = run_plan(workshop, two().model_copy(update={"is_fresh": True}))
    assert actions(fresh) == {"first": "run", "second": "run"}
    assert set(reasons(fresh).values()) == {"asked for"}
    assert fresh.state().outputs == first.state().outputs
    ours = {decision.run for decision in fresh.state().nodes.values()}
    assert ours.isdisjoint(decision.run for decision in first.state().nodes.values())


# --- stopping ----------------------------------------------------------------------------------------------------


@contextmanager
def when_rows(
    workshop: Workshop, num_rows: int, action: Callable[[RunFolder], None]
) -> Iterator[None]:
    """Call `action(stage run)` from another thread once a stage run has so many step rows."""
    thread = threading.Thread(target=lambda: action(until_rows(workshop, num_rows)))
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize(
    ("how", "outcome", "step"), [("save", "stopped", 12), ("kill", "killed", 10)]
)
def test_a_stopped_run_goes_on_where_it_saved(
    workshop: Workshop, gate: Path, how: Literal["save", "kill"], outcome: str, step: int
) -> None:
    stopper = Stopper()
    with when_rows(workshop, 12, lambda _: stopper.request(how)):
        run = run_plan(workshop, held(gate, at=12), stopper)
    state = child(workshop, run, "count").state()
    assert (run.state().status, state.status, state.error) == ("stopped", "stopped", None)
    assert outcomes(state) == [outcome]
    assert run.done() is None

    gate.touch()
    resumed, is_resumed = open_flow_run(workshop, held(gate, at=12), MACHINE)
    assert (resumed.id, is_resumed) == (run.id, True)
    drive(workshop, resumed, MACHINE, Stopper())
    assert_exact(workshop, run)
    state = child(workshop, run, "count").state()
    assert outcomes(state) == [outcome, "done"]
    assert (state.attempts[1].from_step, state.attempts[1].is_bit_exact) == (step, True)
    assert actions(run) == {"count": "resume"}


def test_a_stop_before_anything_began_starts_nothing(workshop: Workshop) -> None:
    stopper = Stopper()
    stopper.request("save")
    run = run_plan(workshop, two(), stopper)
    assert run.state().status == "stopped"
    assert run.state().nodes == {}


def test_a_resume_on_another_machine_says_what_differs(workshop: Workshop, stopped: Made) -> None:
    run = workshop.store.runs.get(stopped.run)
    drive(workshop, run, MACHINE.model_copy(update={"torch": "3"}), Stopper())
    attempt = child(workshop, run, "count").state().attempts[1]
    assert (attempt.is_bit_exact, attempt.caveats) == (False, ("torch: 2 → 3",))


# --- kills -------------------------------------------------------------------------------------------------------


def test_a_killed_worker_fails_the_run_and_a_resume_completes_it(
    workshop: Workshop, gate: Path
) -> None:
    with when_rows(workshop, 12, lambda run: kill(heartbeat(run).pid)):
        run = run_plan(workshop, held(gate, at=12))
    state = child(workshop, run, "count").state()
    assert (run.state().status, state.status) == ("failed", "failed")
    for error in (run.state().error, state.error):
        assert error is not None
        assert (error.code, error.message) == ("worker-killed", "The worker was ended by signal 9.")
    assert outcomes(state) == ["killed"]
    gate.touch()
    assert run_plan(workshop, held(gate, at=12)).id == run.id
    assert_exact(workshop, run)
    assert child(workshop, run, "count").state().error is None


def test_a_killed_shim_is_noticed(workshop: Workshop, gate: Path) -> None:
    with when_rows(workshop, 12, lambda run: kill(heartbeat(run).shim_pid)):
        run = run_plan(workshop, held(gate, at=12))
    error = run.state().error
    assert error is not None
    assert error.message == "The worker was ended without a word."
    assert is_gone(heartbeat(child(workshop, run, "count")).pid)


def test_a_worker_whose_driver_was_killed_is_adopted(workshop: Workshop, gate: Path) -> None:
    spec = held(gate, at=12)
    with driver_process(spec) as driver:
        stage = until_rows(workshop, 12)
        kill(driver.pid)
        driver.wait()
    assert psutil.pid_exists(heartbeat(stage).pid)
    gate.touch()
    run = run_plan(workshop, spec)
    assert_exact(workshop, run)
    assert stage.attempt_numbers() == [1]
    assert outcomes(stage.state()) == ["done"]


def test_a_worker_that_ended_without_its_driver_is_concluded(
    workshop: Workshop, gate: Path
) -> None:
    spec = held(gate, at=12)
    with driver_process(spec) as driver:
        stage = until_rows(workshop, 12)
        kill(driver.pid)
        driver.wait()
    gate.touch()
    until((stage.attempt(1).path / "exit.json").exists)
    assert stage.done() is None
    run = run_plan(workshop, spec)
    assert_exact(workshop, run)
    assert stage.attempt_numbers() == [1]


def test_a_worker_that_failed_without_its_driver_is_concluded_and_the_run_goes_on(
    workshop: Workshop, gate: Path
) -> None:
    spec = held(gate, at=12)
    with driver_process(spec) as driver:
        stage = until_rows(workshop, 12)
        kill(driver.pid)
        driver.wait()
    kill(heartbeat(stage).pid)
    until((stage.attempt(1).path / "exit.json").exists)
    gate.touch()
    run = run_plan(workshop, spec)
    assert_exact(workshop, run)
    state = stage.state()
    assert outcomes(state) == ["killed", "done"]
    assert state.attempts[0].error is not None
    assert state.attempts[1].from_step == 10


def test_when_everything_was_killed_the_attempt_is_lost_and_the_run_goes_on(
    workshop: Workshop, gate: Path
) -> None:
    spec = held(gate, at=12)
    with driver_process(spec) as driver:
        stage = until_rows(workshop, 12)
        beat = heartbeat(stage)
        for pid in (driver.pid, beat.shim_pid, beat.pid):
            kill(pid)
        driver.wait()
        until(lambda: is_gone(beat.pid))
    gate.touch()
    run = run_plan(workshop, spec)
    assert_exact(workshop, run)
    state = stage.state()
    assert outcomes(state) == ["lost", "done"]
    assert state.attempts[1].from_step == 10


def test_a_kill_before_the_first_save_starts_from_nothing_and_says_nothing_twice(
    workshop: Workshop, gate: Path
) -> None:
    with when_rows(workshop, 3, lambda run: kill(heartbeat(run).pid)):
        run = run_plan(workshop, held(gate, at=3))
    gate.touch()
    run_plan(workshop, held(gate, at=3))
    assert_exact(workshop, run)
    assert [a.from_step for a in child(workshop, run, "count").state().attempts] == [0, 0]


def test_two_commands_on_one_run_are_one_too_many(workshop: Workshop, gate: Path) -> None:
    spec = held(gate, at=12)
    with driver_process(spec) as driver:
        stage = until_rows(workshop, 12)
        run, is_resumed = open_flow_run(workshop, spec, MACHINE)
        assert is_resumed
        with pytest.raises(Conflict) as caught:
            drive(workshop, run, MACHINE, Stopper())
        assert caught.value.code == "run-busy"
        gate.touch()
        assert driver.stdout is not None
        assert driver.stdout.read().split() == [run.id, "done"]
    assert stage.attempt_numbers() == [1]
    assert_exact(workshop, run)


def test_a_flow_waits_for_a_stage_that_another_flow_is_making(
    workshop: Workshop, gate: Path
) -> None:
    spec = held(gate, at=12)
    with driver_process(spec), ThreadPoolExecutor(1) as pool:
        stage = until_rows(workshop, 12)
        waiting = pool.submit(run_plan, workshop, plan(*spec.nodes, name="other"))
        time.sleep(0.5)
        assert not waiting.done()
        gate.touch()
        other = waiting.result(timeout=60)
    assert other.state().status == "done"
    assert child(workshop, other, "count").id == stage.id
    assert stage.attempt_numbers() == [1]


def test_a_flow_that_waits_for_another_can_be_stopped(workshop: Workshop, gate: Path) -> None:
    spec = held(gate, at=12)
    stopper = Stopper()
    with driver_process(spec), ThreadPoolExecutor(1) as pool:
        stage = until_rows(workshop, 12)
        waiting = pool.submit(run_plan, workshop, plan(*spec.nodes, name="other"), stopper)
        stopper.request("save")
        assert waiting.result(timeout=60).state().status == "stopped"
        assert stage.state().status == "running"
        gate.touch()


def test_a_worker_that_cannot_be_started_is_told_in_the_ledger(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable) as caught:
        run_plan(workshop, two())
    assert caught.value.code == "worker-not-started"
    monkeypatch.undo()
    (run,) = [run for run in workshop.store.runs.all() if run.spec().kind == "flow"]
    for state in (run.state(), child(workshop, run, "first").state()):
        assert state.status == "failed"
        assert state.error is not None
        assert state.error.code == "worker-not-started"


def test_a_stage_that_fails_says_why_and_stops_the_flow(workshop: Workshop) -> None:
    spec = two(fail_at=2)
    run = run_plan(workshop, spec)
    error = run.state().error
    assert error is not None
    assert (error.type, error.code, error.hint) == ("BadData", "bad-count", "Count elsewhere.")
    assert outcomes(child(workshop, run, "second").state()) == ["failed"]
    assert run.done() is None
    assert workshop.store.items.find("counted") == []


def test_a_driver_that_dies_between_the_result_and_its_record_leaves_a_done_run(
    workshop: Workshop, counted_twice: Made
) -> None:
    run = workshop.store.runs.get(counted_twice.run)
    stage = child(workshop, run, "first")
    for folder, lines in ((run, 1), (stage, 2)):
        ledger = folder.ledger.path
        folder.ledger.close()
        ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[:-lines]))
        assert folder.state().status == "running"
    assert drive(workshop, run, MACHINE, Stopper()).status == "done"
    run_plan(workshop, two())
    assert stage.state().status == "done"
    assert outcomes(stage.state()) == ["done"]
    before = stage.ledger.path.read_text()
    complete_ledger(stage)
    assert stage.ledger.path.read_text() == before


# --- damaged states ----------------------------------------------------------------------------------------------


def truncate(state: Path) -> None:
    (state / "private.bin").write_bytes(bytes(999))


def empty(state: Path) -> None:
    (state / "private.bin").write_bytes(b"")


def flip_bit(state: Path) -> None:
    (state / "private.bin").write_bytes(bytes(999) + b"\x01")


def lose_manifest(state: Path) -> None:
    (state / MANIFEST).unlink()


DAMAGES: list[tuple[Damage, str]] = [
    (truncate, "private.bin has 999 bytes instead of 1000"),
    (empty, "private.bin has 0 bytes instead of 1000"),
    (flip_bit, "private.bin has other bytes than when it was made"),
    (lose_manifest, "its manifest is missing"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES)
def test_a_damaged_newest_state_is_put_aside_and_the_one_before_is_used(
    workshop: Workshop, stopped: Made, damage: Damage, words: str
) -> None:
    run = workshop.store.runs.get(stopped.run)
    stage = child(workshop, run, "count")
    damage(stage.attempt(1).state_dir / "step-10")
    drive(workshop, run, MACHINE, Stopper())
    assert_exact(workshop, run)
    state = stage.state()
    (aside,) = state.set_aside
    assert (aside.attempt, aside.step, aside.reason) == (1, 10, words)
    assert state.attempts[1].from_step == 5
    assert (stage.attempt(1).state_dir / "step-10.damaged").is_dir()


def test_when_no_state_is_sound_the_run_starts_from_nothing(
    workshop: Workshop, stopped: Made
) -> None:
    run = workshop.store.runs.get(stopped.run)
    stage = child(workshop, run, "count")
    for step in (5, 10):
        truncate(stage.attempt(1).state_dir / f"step-{step}")
    drive(workshop, run, MACHINE, Stopper())
    assert_exact(workshop, run)
    assert [aside.step for aside in stage.state().set_aside] == [10, 5]
    assert stage.state().attempts[1].from_step == 0


def test_a_damaged_result_of_a_run_hides_nothing(workshop: Workshop, counted_twice: Made) -> None:
    """`DONE.json` of the stage and of the flow cannot be read: both count as not usable, and the reason says so."""
    first = workshop.store.runs.get(counted_twice.run)
    stage = child(workshop, first, "second")
    for folder in (first, stage):
        folder.done_file.write_text("{")
    again = run_plan(workshop, two())
    assert again.id != first.id
    assert actions(again) == {"first": "reuse", "second": "run"}
    told = f"The file DONE.json of run {stage.id} cannot be read."
    assert reasons(again)["second"] == f"its result cannot be used: {told}"


# --- going on from another run -----------------------------------------------------------------------------------


def continued(stage: RunFolder, steps: int) -> PlanSpec:
    return plan(planned("count", Count.Config(steps=steps), starts_from=f"{stage.id}:10"))


def test_a_continued_run_starts_from_its_parents_state(workshop: Workshop, stopped: Made) -> None:
    parent = child(workshop, workshop.store.runs.get(stopped.run), "count")
    run = run_plan(workshop, continued(parent, 15))
    stage = child(workshop, run, "count")
    assert stage.spec().continues == parent.id
    assert number_of(workshop, run) == counted(15)
    assert [attempt.from_step for attempt in stage.state().attempts] == [10]
    assert [checkpoint.step for checkpoint in stage.state().checkpoints] == [10, 15]
    assert [row["step"] for row in stage.metric_rows()] == list(range(11, 16))
    workshop.store.runs.delete(parent)
    assert (stage.attempt(0).state_dir / "step-10" / MANIFEST).exists()


def test_a_continued_run_never_starts_from_nothing(workshop: Workshop, stopped: Made) -> None:
    """Its driver died before the state was handed over: the next one does that. No sound state: it is refused."""
    parent = child(workshop, workshop.store.runs.get(stopped.run), "count")
    stopper = Stopper()
    with when_rows(workshop, 13, lambda _: stopper.request("kill")):
        run = run_plan(workshop, continued(parent, 10_000), stopper)
    stage = child(workshop, run, "count")
    for number in stage.attempt_numbers():
        shutil.rmtree(stage.attempt(number).path)
    ledger = stage.ledger.path
    ledger.write_text(ledger.read_text().splitlines(keepends=True)[0])

    flip_bit(parent.attempt(1).state_dir / "step-10")
    with pytest.raises(Conflict, match="that saved state is damaged") as caught:
        drive(workshop, run, MACHINE, Stopper())
    assert caught.value.code == "no-state"
    assert run.state().status == "failed"
    shutil.rmtree(parent.attempt(1).state_dir)
    shutil.rmtree(stage.attempt(0).path)
    with pytest.raises(Conflict, match="no longer has its state at step 10"):
        drive(workshop, run, MACHINE, Stopper())
    assert stage.attempt_numbers() == []


# --- a full disk -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not IS_ROOT, reason="only root can mount a disk; see storage/test_store.py for a size limit"
)
def test_a_full_disk_is_told_loses_nothing_and_the_run_goes_on_when_there_is_room(
    tmp_path: Path, gate: Path
) -> None:
    home = make_home(tmp_path / "home")
    with small_disk(tmp_path / "disk", "1m") as disk:
        workshop = Workshop(Settings(home=home, store=disk / "store"))
        filler = disk / "filler"

        def fill(_: RunFolder) -> None:
            status = os.statvfs(disk)
            filler.write_bytes(bytes(status.f_bavail * status.f_frsize))
            gate.touch()

        run, _ = open_flow_run(workshop, held(gate, at=12, steps=200), MACHINE)
        with when_rows(workshop, 12, fill), contextlib.suppress(DiskFull):
            drive(workshop, run, MACHINE, Stopper())
        stage = child(workshop, run, "count")
        assert run.done() is None
        assert stage.done() is None
        filler.unlink()
        workshop = Workshop(Settings(home=home, store=disk / "store"))
        run = workshop.store.runs.get(run.id)
        assert drive(workshop, run, MACHINE, Stopper()).status == "done"
        assert_exact(workshop, run, steps=200)
        state = stage.state()
        assert outcomes(state) == ["failed", "done"]
        assert state.attempts[0].error is not None
        assert state.attempts[0].error.code == "disk-full"
        for folder in (run, stage):
            folder.ledger.close()
