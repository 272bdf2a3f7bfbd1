"""Run folders: `runs/<id>/`, the truth about a run.

    run.json           what was ordered (RunSpec), written once
    ledger.jsonl       the one supervisor's decisions
    supervisor.lock    held by that supervisor
    attempts/<n>/      order.json, events.jsonl, metrics.jsonl, log.jsonl, exit.json, out/, state/step-N/
    held/              of a flow run: states of others that its stage runs will start from
    DONE.json          output -> artifact, input -> artifact; its existence is the run's completion

`keys/<key>/<run id>` are empty marker files: which runs were started for a key, so that looking one up never scans.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from glassworks.common.clock import utc_now
from glassworks.common.errors import BadData, Conflict, NotFound
from glassworks.common.ids import is_run_id, new_run_id
from glassworks.specs.base import Spec
from glassworks.specs.events import AttemptEvent, LedgerEvent, RunCreated, event_from_json
from glassworks.specs.fold import fold, is_kept
from glassworks.specs.run import DoneSpec, RunSpec, RunState
from glassworks.storage import states
from glassworks.storage.atomic import (
    disk_errors,
    publish_folder,
    read_json,
    remove_folder,
    write_json,
)
from glassworks.storage.linelog import LineLog

SpecT = TypeVar("SpecT", bound=Spec)
MIN_PREFIX = 4
"""Shortest beginning of an id that stands for it."""


class AttemptFolder:
    """`attempts/<n>/`: an attempt writes only inside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = int(path.name)
        self.order_file = path / "order.json"
        self.exit_file = path / "exit.json"
        self.error_file = path / "error.json"
        self.output_file = path / "output.txt"
        self.out_dir = path / "out"
        self.state_dir = path / "state"
        self.events = LineLog(path / "events.jsonl")
        self.metrics = LineLog(path / "metrics.jsonl")
        self.log = LineLog(path / "log.jsonl")


class RunFolder:
    """One run on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self.spec_file = path / "run.json"
        self.done_file = path / "DONE.json"
        self.lock_file = path / "supervisor.lock"
        self.held_dir = path / "held"
        """Of a flow run: states of other runs that its stage runs will start from, until they have begun."""
        self.ledger = LineLog(path / "ledger.jsonl")

    def spec(self) -> RunSpec:
        """Raises BadData when `run.json` cannot be read."""
        return _read(self.spec_file, RunSpec)

    def done(self) -> DoneSpec | None:
        """None while the run is not done. Raises BadData when `DONE.json` cannot be read."""
        return _read(self.done_file, DoneSpec) if self.done_file.exists() else None

    def record(self, *events: LedgerEvent) -> None:
        """Append to the ledger, durably. Only the supervisor may."""
        self.ledger.append(*(event.to_json() for event in events))
        self.ledger.sync()

    def finish(self, done: DoneSpec) -> None:
        write_json(self.done_file, done.to_json())

    def attempts(self) -> list[AttemptFolder]:
        """All attempts, oldest first."""
        return [self.attempt(number) for number in self.attempt_numbers()]

    def attempt_numbers(self) -> list[int]:
        """Numbers of all attempts; 0 holds the state that a continued run inherited from its parent."""
        return sorted(int(p.name) for p in self.path.glob("attempts/*") if p.name.isdecimal())

    def attempt(self, number: int) -> AttemptFolder:
        return AttemptFolder(self.path / "attempts" / str(number))

    def new_attempt(self) -> AttemptFolder:
        """Create the next attempt's folder."""
        attempt = self.attempt(max(self.attempt_numbers(), default=0) + 1)
        attempt.path.mkdir(parents=True)
        attempt.state_dir.mkdir()
        return attempt

    def events(self) -> Iterator[LedgerEvent | AttemptEvent]:
        """All events in the order that `fold` wants: each attempt's own before it ends. Raises BadData."""
        pending: AttemptFolder | None = None
        for value in self.ledger.read():
            event = read_event(value, self.ledger.path)
            if pending is not None and event.type in ("attempt.ended", "attempt.started"):
                yield from self.attempt_events(pending)
                pending = None
            yield event
            if event.type == "attempt.started":
                pending = self.attempt(event.attempt)
        if pending is not None:
            yield from self.attempt_events(pending)

    def attempt_events(self, attempt: AttemptFolder) -> Iterator[AttemptEvent]:
        for value in attempt.events.read():
            yield read_event(value, attempt.events.path)  # type: ignore[misc]  # it holds no ledger events

    def state(self) -> RunState:
        return fold(self.events())

    def ledger_state(self) -> RunState:
        """What the supervisor decided: status, nodes, attempts. Nothing that an attempt wrote is read, however much that is."""
        return fold(read_event(value, self.ledger.path) for value in self.ledger.read())

    def metric_rows(self) -> list[dict[str, float]]:
        """The step rows that count: a later attempt voids earlier rows beyond the step it started from."""
        rows: list[dict[str, float]] = []
        for attempt in self.state().attempts:
            rows = [row for row in rows if is_kept(int(row["step"]), attempt.from_step)]
            rows += self.attempt(attempt.number).metrics.read()
        return rows


class RunStore:
    """All runs below one folder, and the key markers beside it."""

    def __init__(self, root: Path, keys: Path) -> None:
        self.root = root
        self.keys = keys

    def create(self, spec: RunSpec) -> RunFolder:
        """Make the run's folder, whole or not at all, and its key marker. Raises DiskFull."""
        temporary = self.root / f".{spec.id}.tmp"
        marker = self.keys / spec.key / spec.id
        try:
            with disk_errors(self.root):
                temporary.mkdir(parents=True)
                write_json(temporary / "run.json", spec.to_json())
                folder = RunFolder(temporary)
                folder.record(RunCreated(kind=spec.kind, name=spec.name))
                folder.ledger.close()
                marker.parent.mkdir(parents=True, exist_ok=True)
                marker.touch()  # first: a marker without its run is harmless, a run without it is lost
                publish_folder(temporary, self.root / spec.id)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return RunFolder(self.root / spec.id)

    def get(self, run: str) -> RunFolder:
        """The run with this id, or with this unambiguous beginning of one. Raises NotFound, Conflict."""
        if is_run_id(run) and (self.root / run).exists():
            return RunFolder(self.root / run)
        is_long_enough = len(run) >= MIN_PREFIX
        found = [f.id for f in self.all_folders() if is_long_enough and f.id.startswith(run)]
        if len(found) > 1:
            raise Conflict(
                "ambiguous-id", f"{run!r} begins {len(found)} run ids.", "Give more characters."
            )
        if not found:
            raise NotFound(
                "run-not-found", f"There is no run {run!r}.", "`glassworks ls runs` lists them."
            )
        return RunFolder(self.root / found[0])

    def all(self) -> list[RunFolder]:
        """Every run whose order can be read, newest first; `verify_store` tells of the others."""
        return _newest_first(self.all_folders())

    def all_folders(self) -> list[RunFolder]:
        """Every run folder, in no particular order; nothing is read."""
        return [RunFolder(path) for path in self.root.glob("r*") if is_run_id(path.name)]

    def with_key(self, key: str) -> list[RunFolder]:
        """Runs that were started for a key and whose order can be read, newest first."""
        names = [path.name for path in (self.keys / key).glob("r*") if is_run_id(path.name)]
        found = [RunFolder(self.root / name) for name in names if (self.root / name).exists()]
        return _newest_first(found)

    def delete(self, run: RunFolder) -> None:
        spec = run.spec()
        remove_folder(run.path)
        (self.keys / spec.key / spec.id).unlink(missing_ok=True)

    def leftovers(self) -> Iterator[Path]:
        """Folders of writers that died: half-made and half-deleted runs, and such states inside of runs."""
        yield from self.root.glob(".*.tmp")
        yield from self.root.glob(".*.doomed")
        for run in self.all_folders():
            yield from run.held_dir.glob(".*.tmp")
            for attempt in run.attempts():
                yield from states.leftovers(attempt.state_dir)


def read_event(value: Any, path: Path) -> LedgerEvent | AttemptEvent:
    """One event of a run's log. Raises BadData when it is none that this version knows."""
    try:
        return event_from_json(value)
    except ValidationError as error:
        raise BadData(
            "log-damaged",
            f"{path.name} holds something that is no event: {str(value)[:80]}",
            "Run `glassworks doctor --store`, which explains what is damaged.",
            str(path),
        ) from error


def _newest_first(runs: list[RunFolder]) -> list[RunFolder]:
    created: dict[str, str] = {}
    for run in runs:
        with contextlib.suppress(BadData):
            created[run.id] = run.spec().created_at
    readable = [run for run in runs if run.id in created]
    return sorted(readable, key=lambda run: created[run.id], reverse=True)


def _read(path: Path, kind: type[SpecT]) -> SpecT:
    try:
        return kind.model_validate(read_json(path))
    except (ValueError, OSError) as error:
        raise BadData(
            "run-damaged",
            f"The file {path.name} of run {path.parent.name} cannot be read.",
            "Run `glassworks doctor --store`, which explains what is damaged.",
            str(path),
        ) from error


def now_done(outputs: dict[str, str], inputs: dict[str, str]) -> DoneSpec:
    return DoneSpec(outputs=outputs, inputs=inputs, finished_at=utc_now())


__all__ = ["AttemptFolder", "RunFolder", "RunStore", "new_run_id", "now_done"]
