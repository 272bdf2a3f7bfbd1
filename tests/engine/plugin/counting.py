"""The stage `count`, a plugin of the tests: slow where it is told to be, exact after any kill, and without torch.

At each step the number that it holds changes in a way that depends on all steps before, so a step that was left out
or done twice shows in the result.
"""

import hashlib
import json
import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from glassworks.common.errors import BadData, Diverged
from glassworks.specs.base import DISPLAY_ONLY
from glassworks.specs.events import EvaluationRecorded
from glassworks.specs.stage import Context, Port, Ports, SeededConfig, Stage, Stopped


class Count(Stage):
    """Count to a number, saving on the way."""

    version = 1
    can_continue = True

    class Config(SeededConfig):
        steps: int = Field(default=20, ge=1, description="How far to count.")
        save_every: int = Field(default=5, ge=1, description="Save after so many steps.")
        fail_at: int = Field(default=0, ge=0, description="Fail at this step; 0: never.")
        fails_as: Literal["BadData", "Diverged"] = Field(
            default="BadData", description="With which error."
        )
        hold_at: int = Field(
            default=0,
            ge=0,
            json_schema_extra=DISPLAY_ONLY,
            description="From this step on, wait before each step until the file `gate` exists.",
        )
        gate: str = Field(default="", json_schema_extra=DISPLAY_ONLY, description="See `hold_at`.")

    class Inputs(Ports):
        before: Annotated[Path | None, Port("dataset", "another count to start from")] = None

    class Outputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the number that was reached")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        config = ctx.config
        step, number = _start(ctx)
        while step < config.steps:
            if _waits(ctx, step):
                _save(ctx, step, number)
                raise Stopped
            step += 1
            if step == config.fail_at:
                error = {"BadData": BadData, "Diverged": Diverged}[config.fails_as]
                raise error("bad-count", f"Step {step} cannot be counted.", "Count elsewhere.")
            number = hashlib.sha256(f"{number} {step} {ctx.seed}".encode()).hexdigest()
            ctx.metrics({"step": step, "loss": int(number[:6], 16)})
            if step % config.save_every == 0:
                ctx.emit(EvaluationRecorded(step=step, values={"validation_loss": 1 / step}))
                _save(ctx, step, number)
            ctx.progress(step, config.steps, "steps", "counting")
        (ctx.outputs.dataset / "number.txt").write_text(number)
        ctx.summarize("dataset", {"documents": 1})


class CountWithModel(Count):
    """The same for the queue's lane of the runs that compute with a model: it only says that it needs torch."""

    libraries = ("torch",)


def _start(ctx: Context[Count.Config, Count.Inputs, Count.Outputs]) -> tuple[int, str]:
    if ctx.resume_from is not None:
        saved = json.loads((ctx.resume_from / "count.json").read_text())
        return int(saved["step"]), str(saved["number"])
    before = ctx.inputs.before
    return 0, (before / "number.txt").read_text() if before else ""


def _waits(ctx: Context[Count.Config, Count.Inputs, Count.Outputs], step: int) -> bool:
    """Wait at a closed gate; True when someone asked to stop."""
    config = ctx.config
    while config.gate and step >= config.hold_at and not Path(config.gate).exists():
        if ctx.should_stop():
            return True
        time.sleep(0.01)
    return ctx.should_stop()


def _save(ctx: Context[Count.Config, Count.Inputs, Count.Outputs], step: int, number: str) -> None:
    def write(folder: Path) -> None:
        (folder / "count.json").write_text(json.dumps({"step": step, "number": number}))
        (folder / "private.bin").write_bytes(bytes(1000))

    ctx.save_state(step, write, ("count.json",), keep=3)
