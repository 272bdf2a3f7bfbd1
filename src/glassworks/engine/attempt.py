"""One attempt of a stage run: choose the state to start from, start it, follow it, conclude from how it ended.

Whoever calls holds the run's supervisor lock, so there is one supervisor, and the last attempt in the ledger is the
current one. An attempt whose supervisor died is adopted: it is followed if it still lives, concluded if it ended.
"""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from glassworks.common.errors import Conflict, GlassworksError
from glassworks.engine.measuring import measured
from glassworks.engine.workshop import Workshop
from glassworks.specs.events import (
    ArtifactPublished,
    AttemptEnded,
    AttemptStarted,
    ErrorSpec,
    LedgerEvent,
    Outcome,
    RunDone,
    RunFailed,
    RunStopped,
    StateSetAside,
    StopRequested,
)
from glassworks.specs.machine import MachineSpec
from glassworks.specs.order import (
    EXIT_DISK_FULL,
    EXIT_DONE,
    ExitSpec,
    OrderSpec,
)
from glassworks.specs.run import RunSpec
from glassworks.specs.stage import Resources
from glassworks.storage.atomic import disk_full, read_json, remove_folder
from glassworks.storage.runs import AttemptFolder, RunFolder, now_done
from glassworks.storage.states import damage, read_state_manifest, set_aside, steps

POLL_S = 0.05
STATE_OF_PARENT = 0
"""Number of the attempt folder that holds the state a continued run inherited."""


class SupervisorLeft(Exception):
    """The supervisor went away as asked: nothing is recorded, the attempt lives on and can be adopted."""


class Stopper:
    """How a person asks running work to stop; safe to call from a signal handler or another thread."""

    def __init__(self) -> None:
        self._save = threading.Event()
        self._kill = threading.Event()
        self._left = threading.Event()

    def request(self, how: Literal["save", "kill"]) -> None:
        """`save`: save the state, then stop. `kill`: stop at once; what is saved already stays."""
        self._save.set()
        if how == "kill":
            self._kill.set()

    def leave(self) -> None:
        """The supervisor is to go away and let the work run on."""
        self._left.set()

    @property
    def is_left(self) -> bool:
        return self._left.is_set()

    def check_left(self) -> None:
        """Raises SupervisorLeft once someone asked the supervisor to leave."""
        if self.is_left:
            raise SupervisorLeft

    @property
    def how(self) -> Literal["save", "kill"] | None:
        if self._kill.is_set():
            return "kill"
        return "save" if self._save.is_set() else None


@dataclass(frozen=True)
class StartState:
    """The newest sound state of any attempt."""

    folder: Path
    step: int
    attempt: int


def run_attempt(workshop: Workshop, run: RunFolder, machine: MachineSpec, stopper: Stopper) -> None:
    """Bring a stage run to an end, by one attempt or by adopting the one that still runs."""
    attempt = _living_attempt(workshop, run, stopper)
    if run.done() is not None:
        return
    stopper.check_left()
    if attempt is None:
        start = _starting_state(run)
        prune_attempts(run)
        attempt = _start(workshop, run, machine, start)
    exit_ = _follow(workshop, run, attempt, stopper)
    _conclude(workshop, run, attempt, exit_, stopper)


def busy(run: RunFolder) -> Conflict:
    """What to raise when another process is the supervisor of `run`."""
    return Conflict(
        "run-busy",
        f"Run {run.id} is being driven by another command.",
        f"`glassworks watch {run.id}` shows it; or stop that command first.",
        run.id,
    )


def complete_ledger(run: RunFolder) -> None:
    """A supervisor may have died between `DONE.json`, which is the truth, and the ledger's last lines: write them."""
    done, state = run.done(), run.state()
    if done is None or state.status == "done":
        return
    if (attempt := _open_attempt(run)) is not None:
        run.record(AttemptEnded(attempt=attempt.number, outcome="done"))
    run.record(RunDone(outputs=done.outputs))


def choose_state(run: RunFolder) -> StartState | None:
    """The newest sound state of any attempt; damaged newer ones are set aside and the ledger says so."""
    candidates = [
        (step, attempt.number) for attempt in run.attempts() for step in steps(attempt.state_dir)
    ]
    for step, number in sorted(candidates, reverse=True):
        folder = run.attempt(number).state_dir / f"step-{step}"
        problem = damage(folder)
        if not problem:
            return StartState(folder, step, number)
        set_aside(folder)
        run.record(StateSetAside(attempt=number, step=step, reason=problem))
    return None


def prune_attempts(run: RunFolder) -> None:
    """Of the states that earlier attempts left, only the newest `keep_states` stay: each attempt prunes its own alone.

    Does nothing for a stage whose settings have no `keep_states`: it may need them all. Called between two attempts.
    """
    node = run.spec().node
    keep = node.config.get("keep_states") if node is not None else None
    if keep is None:
        return
    found = [
        (step, attempt.number) for attempt in run.attempts() for step in steps(attempt.state_dir)
    ]
    for step, number in sorted(found, reverse=True)[max(int(keep), 1) :]:
        remove_folder(run.attempt(number).state_dir / f"step-{step}")


def _starting_state(run: RunFolder) -> StartState | None:
    """None: from nothing. Raises Conflict when a run that continues another has no sound state left."""
    start = choose_state(run)
    node = run.spec().node
    if start is None and node is not None and node.starts_from:
        raise Conflict(
            "no-state",
            f"Run {run.id} continues {node.starts_from}, and that saved state is damaged.",
            "Continue a run that still has a sound state, or start anew.",
            str(run.path),
        )
    return start


def _open_attempt(run: RunFolder) -> AttemptFolder | None:
    """The attempt that the ledger says was started and not yet ended."""
    attempts = run.state().attempts
    if not attempts or attempts[-1].outcome is not None:
        return None
    return run.attempt(attempts[-1].number)


def _living_attempt(workshop: Workshop, run: RunFolder, stopper: Stopper) -> AttemptFolder | None:
    """The open attempt if it still runs. One that ended while nobody watched is concluded, a lost one is closed."""
    attempt = _open_attempt(run)
    if attempt is None:
        return None
    seen = workshop.executor.observe(attempt.path)
    if seen.is_running:
        return attempt
    if seen.exit is not None:
        _conclude(workshop, run, attempt, seen.exit, stopper)
    else:
        _close_lost(workshop, run, attempt)
    return None


def _close_lost(workshop: Workshop, run: RunFolder, attempt: AttemptFolder) -> None:
    """Nobody knows how it ended (power cut, kill of everything): make sure that nothing of it is left."""
    workshop.executor.reap(attempt.path)
    run.record(AttemptEnded(attempt=attempt.number, outcome="lost"))


def _start(
    workshop: Workshop, run: RunFolder, machine: MachineSpec, start: StartState | None
) -> AttemptFolder:
    spec = run.spec()
    attempt = run.new_attempt()
    order = _order(workshop, spec, attempt, machine, start)
    caveats = _caveats(spec, machine) if start else ()
    run.record(
        AttemptStarted(
            attempt=attempt.number,
            from_step=start.step if start else 0,
            from_attempt=start.attempt if start else 0,
            is_bit_exact=not caveats,
            caveats=caveats,
        )
    )
    try:
        workshop.executor.submit(attempt.path, order)
    except GlassworksError as error:
        run.record(*_not_started(attempt, error))
        raise
    return attempt


def _not_started(attempt: AttemptFolder, error: GlassworksError) -> tuple[LedgerEvent, LedgerEvent]:
    ended = AttemptEnded(attempt=attempt.number, outcome="failed", error=_spec(error))
    return ended, RunFailed(error=_spec(error))


def _order(
    workshop: Workshop,
    spec: RunSpec,
    attempt: AttemptFolder,
    machine: MachineSpec,
    start: StartState | None,
) -> OrderSpec:
    assert spec.node is not None
    return OrderSpec(
        run=spec.id,
        attempt=attempt.number,
        stage=spec.node.stage,
        version=spec.node.version,
        config=spec.node.config,
        inputs=spec.inputs,
        resources=Resources.model_validate(spec.node.resources),
        seed=int(spec.node.config.get("seed", 0)),
        store=str(workshop.store.root),
        resume_from=str(start.folder) if start else None,
        resume_step=start.step if start else 0,
        resume_artifact=read_state_manifest(start.folder).artifact if start else None,
        machine=machine.to_json(),
    )


def environment_of(machine: MachineSpec) -> dict[str, str]:
    """What exact resume depends on, beside the resolved config."""
    fields = ("processor", "platform", "python", "torch")
    return {name: str(getattr(machine, name)) for name in fields}


def _caveats(spec: RunSpec, machine: MachineSpec) -> tuple[str, ...]:
    """Why a resume here may not be bit-exact, in words; empty on the same class of machine."""
    now = environment_of(machine)
    return tuple(
        f"{name}: {before} → {now[name]}"
        for name, before in spec.environment.items()
        if name in now and now[name] != before
    )


def _follow(
    workshop: Workshop, run: RunFolder, attempt: AttemptFolder, stopper: Stopper
) -> ExitSpec | None:
    """Wait for the attempt's end, passing on the wish to stop; None when it vanished without a word."""
    asked: str | None = None
    while True:
        seen = workshop.executor.observe(attempt.path)
        if seen.exit is not None or not seen.is_running:
            return seen.exit
        stopper.check_left()
        if stopper.how is not None and stopper.how != asked:
            asked = stopper.how
            run.record(StopRequested(how=stopper.how))
            workshop.executor.stop(attempt.path, stopper.how)
        time.sleep(POLL_S)


def _conclude(
    workshop: Workshop,
    run: RunFolder,
    attempt: AttemptFolder,
    exit_: ExitSpec | None,
    stopper: Stopper,
) -> None:
    workshop.executor.reap(attempt.path)
    outcome, error, ending = _ending(workshop, run, attempt, exit_, stopper)
    taken = measured(workshop.store, run) if outcome == "done" else ()
    run.record(AttemptEnded(attempt=attempt.number, outcome=outcome, error=error), *taken, ending)


def _ending(
    workshop: Workshop,
    run: RunFolder,
    attempt: AttemptFolder,
    exit_: ExitSpec | None,
    stopper: Stopper,
) -> tuple[Outcome, ErrorSpec | None, LedgerEvent]:
    if exit_ is not None and exit_.returncode == EXIT_DONE:
        outputs = _published(run, attempt)
        run.finish(now_done(outputs, run.spec().inputs))
        return "done", None, RunDone(outputs=outputs)
    if exit_ is not None and exit_.is_stopped:
        return "stopped", None, RunStopped()
    if stopper.how == "kill" or (exit_ is not None and exit_.reason == "killed"):
        return "killed", None, RunStopped()
    error = _error(workshop, attempt, exit_)
    is_signal = exit_ is None or exit_.signal is not None
    return "killed" if is_signal else "failed", error, RunFailed(error=error)


def _published(run: RunFolder, attempt: AttemptFolder) -> dict[str, str]:
    events = run.attempt_events(attempt)
    return {e.output: e.artifact for e in events if isinstance(e, ArtifactPublished)}


def _error(workshop: Workshop, attempt: AttemptFolder, exit_: ExitSpec | None) -> ErrorSpec:
    if attempt.error_file.exists():
        try:
            return ErrorSpec.model_validate(read_json(attempt.error_file))
        except ValueError:
            pass  # torn by a full disk; the exit code still speaks
    if exit_ is not None and exit_.returncode == EXIT_DISK_FULL:
        return _spec(disk_full(workshop.store.root))
    if exit_ is not None and exit_.reason == "stalled":
        return ErrorSpec(
            code="worker-stalled",
            message=f"The worker made no progress for too long and was ended. {exit_.message}".strip(),
            hint="Read its log, then resume the run.",
            where=str(attempt.output_file),
        )
    how = f"by signal {exit_.signal}" if exit_ and exit_.signal else "without a word"
    oom = " The machine was out of memory at that time." if exit_ and exit_.oom_kills else ""
    return ErrorSpec(
        type="StageFailed",
        code="worker-killed",
        message=f"The worker was ended {how}.{oom}",
        hint="Resume the run: it goes on from its last saved state.",
        where=str(attempt.output_file),
    )


def _spec(error: GlassworksError) -> ErrorSpec:
    return ErrorSpec.model_validate(error.to_dict())
