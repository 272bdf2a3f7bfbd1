"""The context of a running stage: everything it may touch, and nothing else. The contract is `specs.stage.Context`.

In: the attempt's folder, its order, the stage's class. Out: lines in the attempt's logs, states in `state/`.
"""

import threading
import time
from collections.abc import Callable
from logging import Logger
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from glassworks.common.clock import monotonic_s
from glassworks.common.errors import InvalidSpec
from glassworks.common.logging import get_logger
from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.base import Config, invalid_spec
from glassworks.specs.events import AttemptEvent, CheckpointSaved, RunProgress
from glassworks.specs.keeping import KeepCheckpoints
from glassworks.specs.order import OrderSpec
from glassworks.specs.stage import KEEP_ALL, Ports, Resources, Stage, StageSpec
from glassworks.storage.linelog import LineLog
from glassworks.storage.runs import RunFolder
from glassworks.storage.states import prune_states, write_state
from glassworks.storage.store import Store
from glassworks.worker.keeping import drop_checkpoints
from glassworks.worker.saving import BackgroundSave

PROGRESS_EVERY_S = 0.25
SIGN_EVERY_S = 1.0
CHECKPOINT: ArtifactKind = "checkpoint"


class AttemptContext:
    """One attempt's context. Its methods may be called from several threads."""

    def __init__(
        self,
        attempt_dir: Path,
        order: OrderSpec,
        stage: type[Stage],
        spec: StageSpec,
        stop_asked: Callable[[], bool],
    ) -> None:
        self.store = Store(Path(order.store))
        self.attempt_dir = attempt_dir
        self.order = order
        self.config = _read_config(stage, order)
        self.input_ids = dict(order.inputs)
        self.inputs: Ports = _open_inputs(stage, spec, order, self.store)
        self.out_dir = attempt_dir / "out"
        self.outputs: Ports = _make_outputs(stage, spec, self.out_dir)
        self.state_dir = attempt_dir / "state"
        self.state_dir.mkdir(exist_ok=True)
        self.resume_from = Path(order.resume_from) if order.resume_from else None
        self.summaries: dict[str, dict[str, Any]] = {}
        self._stop_asked = stop_asked
        self._events = LineLog(attempt_dir / "events.jsonl")
        self._metrics = LineLog(attempt_dir / "metrics.jsonl")
        self._lock = threading.Lock()
        self._progress = _Throttle()
        self._last_sign = 0.0
        self._run = RunFolder(attempt_dir.parent.parent)
        self._saving = BackgroundSave(self._show_life)

    @property
    def resources(self) -> Resources:
        return self.order.resources

    @property
    def seed(self) -> int:
        return self.order.seed

    @property
    def machine(self) -> dict[str, Any]:
        return self.order.machine

    @property
    def log(self) -> Logger:
        return get_logger(f"stages.{self.order.stage}")

    def emit(self, event: AttemptEvent) -> None:
        with self._lock:
            self._events.append(event.to_json())

    def metrics(self, row: dict[str, float | int]) -> None:
        with self._lock:
            self._metrics.append(row)

    def progress(self, done: int, total: int, unit: str, phase: str) -> None:
        self._show_life()
        with self._lock:
            event = RunProgress(done=done, total=total, unit=unit, phase=phase)
            if self._progress.is_due(event):
                self._events.append(event.to_json())

    def should_stop(self) -> bool:
        self._show_life()
        self._saving.check()
        return self._stop_asked()

    def summarize(self, output: str, summary: dict[str, Any]) -> None:
        if output not in type(self.outputs).model_fields:
            raise InvalidSpec("no-such-output", f"This stage has no output {output!r}.")
        self.summaries[output] = {**self.summaries.get(output, {}), **summary}

    def save_state(
        self,
        step: int,
        write: Callable[[Path], None],
        checkpoint_files: tuple[str, ...] = (),
        keep: int = 2,
        summary: dict[str, Any] | None = None,
    ) -> None:
        """See `specs.stage.Context.save_state`. Raises DiskFull; then the states before this one are untouched."""
        self._saving.wait()
        self._save(step, write, checkpoint_files, keep, summary)

    def save_in_background(
        self,
        step: int,
        take: Callable[[], Callable[[Path], None]],
        checkpoint_files: tuple[str, ...] = (),
        keep: int = 2,
        summary: dict[str, Any] | None = None,
        keep_checkpoints: KeepCheckpoints = KEEP_ALL,
    ) -> None:
        """See `specs.stage.Context.save_in_background`. Raises what kept the save before from its end."""
        self._saving.wait()
        write = take()

        def save() -> None:
            self._save(step, write, checkpoint_files, keep, summary)
            number = self.order.attempt
            tell = self._tell_durably
            drop_checkpoints(self.store, self._run, number, keep_checkpoints, keep, tell)

        self._saving.begin(save)

    @property
    def is_saving(self) -> bool:
        """Whether a save is in flight."""
        return self._saving.is_running

    def finish_saving(self) -> None:
        """Wait for the save in flight. Raises what kept it from its end."""
        self._saving.wait()

    def _save(
        self,
        step: int,
        write: Callable[[Path], None],
        checkpoint_files: tuple[str, ...],
        keep: int,
        summary: dict[str, Any] | None,
    ) -> None:
        started = monotonic_s()
        self.flush()

        def publish(folder: Path) -> str | None:
            if not checkpoint_files:
                return None
            files = {name: folder / name for name in checkpoint_files}
            return self.store.artifacts.publish(
                CHECKPOINT, files, {"step": step, **(summary or {})}
            ).id

        manifest = write_state(self.state_dir, step, write, publish)
        if manifest.artifact is not None:
            self.emit(
                CheckpointSaved(
                    step=step,
                    artifact=manifest.artifact,
                    size_bytes=sum(file.size_bytes for file in manifest.files),
                    duration_s=round(monotonic_s() - started, 6),
                )
            )
        prune_states(self.state_dir, keep)

    def _tell_durably(self, event: AttemptEvent) -> None:
        self.emit(event)
        self._events.sync()

    def flush(self) -> None:
        """Make every event and row so far durable, the progress that was held back included."""
        with self._lock:
            if (held := self._progress.take_held()) is not None:
                self._events.append(held.to_json())
        self._events.sync()  # without the lock: a slow disk is no reason to keep a step from telling its row
        self._metrics.sync()

    def _show_life(self) -> None:
        """Touch `progress`: the shim ends a worker that shows no sign of progress for very long."""
        now = time.monotonic()
        if now - self._last_sign >= SIGN_EVERY_S:
            self._last_sign = now
            try:
                (self.attempt_dir / "progress").touch()
            except OSError:
                return  # no room for an empty file: whatever is written next tells that better


class _Throttle:
    """Lets a phase's first and last report through, and between them four a second."""

    def __init__(self) -> None:
        self._last_time = float("-inf")
        self._last: RunProgress | None = None
        self._held: RunProgress | None = None

    def is_due(self, event: RunProgress) -> bool:
        now = time.monotonic()
        is_new_phase = self._last is None or self._last.phase != event.phase
        is_due = is_new_phase or now - self._last_time >= PROGRESS_EVERY_S
        is_due = is_due or event.done >= event.total
        if is_due:
            self._last_time, self._last, self._held = now, event, None
        else:
            self._held = event
        return is_due

    def take_held(self) -> RunProgress | None:
        held, self._held = self._held, None
        return held


def _read_config(stage: type[Stage], order: OrderSpec) -> Config:
    try:
        return stage.Config.model_validate(order.config)
    except ValidationError as error:
        raise invalid_spec(error, order.stage) from error


def _open_inputs(stage: type[Stage], spec: StageSpec, order: OrderSpec, store: Store) -> Ports:
    """The inputs' folders. Raises NotFound for an artifact that is gone, InvalidSpec for one that is not wired."""
    for name, port in spec.inputs.items():
        if name not in order.inputs and not port.is_optional:
            raise InvalidSpec(
                "input-missing",
                f"The stage {order.stage} was started without its input {name!r}.",
                "Run the recipe again.",
                name,
            )
    return stage.Inputs.model_validate(
        {name: store.artifacts.path(artifact) for name, artifact in order.inputs.items()}
    )


def _make_outputs(stage: type[Stage], spec: StageSpec, out_dir: Path) -> Ports:
    folders = {name: out_dir / name for name in spec.outputs}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return stage.Outputs.model_validate(folders)
