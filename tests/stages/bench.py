"""A place to run one stage by itself: a real context that remembers what the stage said.

`run_stage("split_dataset", tmp_path / "out", {"by": ...}, dataset=folder)` makes the output folders and returns them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glassworks.specs.events import AttemptEvent
from glassworks.specs.keeping import KeepCheckpoints
from glassworks.specs.stage import KEEP_ALL, Resources
from glassworks.stages import STAGES


@dataclass
class BenchContext:
    """The contract `specs.stage.Context`, kept in memory. `stop_after`: calls of `should_stop` that still say no."""

    config: Any
    inputs: Any
    outputs: Any
    input_ids: dict[str, str]
    state_dir: Path
    stop_after: int | None = None
    resume_from: Path | None = None
    resources: Resources = field(default_factory=Resources)
    machine: dict[str, Any] = field(default_factory=dict)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("glassworks.bench"))
    events: list[AttemptEvent] = field(default_factory=list)
    rows: list[dict[str, float | int]] = field(default_factory=list)
    progressed: list[tuple[int, int, str, str]] = field(default_factory=list)
    summaries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        return int(getattr(self.config, "seed", 0))

    def emit(self, event: AttemptEvent) -> None:
        self.events.append(event)

    def metrics(self, row: dict[str, float | int]) -> None:
        self.rows.append(row)

    def progress(self, done: int, total: int, unit: str, phase: str) -> None:
        self.progressed.append((done, total, unit, phase))

    def should_stop(self) -> bool:
        if self.stop_after is None:
            return False
        self.stop_after -= 1
        return self.stop_after < 0

    def save_state(
        self,
        step: int,
        write: Callable[[Path], None],
        checkpoint_files: tuple[str, ...] = (),
        keep: int = 2,
        summary: dict[str, Any] | None = None,
    ) -> None:
        folder = self.state_dir / f"step-{step}"
        folder.mkdir(parents=True)
        write(folder)

    def save_in_background(
        self,
        step: int,
        take: Callable[[], Callable[[Path], None]],
        checkpoint_files: tuple[str, ...] = (),
        keep: int = 2,
        summary: dict[str, Any] | None = None,
        keep_checkpoints: KeepCheckpoints = KEEP_ALL,
    ) -> None:
        self.save_state(step, take(), checkpoint_files, keep, summary)

    def summarize(self, output: str, summary: dict[str, Any]) -> None:
        self.summaries[output] = summary


def make_context(
    stage: str, out: Path, config: dict[str, Any], inputs: dict[str, Path]
) -> BenchContext:
    cls = STAGES.load(stage)
    folders = {name: out / name for name in cls.Outputs.model_fields}
    for folder in folders.values():
        folder.mkdir(parents=True)
    return BenchContext(
        config=cls.resolve(cls.Config.model_validate(config), {}),
        inputs=cls.Inputs.model_validate(inputs),
        outputs=cls.Outputs.model_validate(folders),
        input_ids={name: f"{name:x>64}" for name in inputs},
        state_dir=out / "state",
        resources=cls.resources(cls.resolve(cls.Config.model_validate(config), {})),
    )


def run_stage(
    stage: str, out: Path, config: dict[str, Any] | None = None, **inputs: Path
) -> BenchContext:
    """Run a stage with the given inputs' folders; its outputs lie in `out/<output>`."""
    context = make_context(stage, out, config or {}, inputs)
    STAGES.load(stage)().run(context)
    return context
