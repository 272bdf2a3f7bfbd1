"""The training loop: learn, tell, look, save, until the last step.

In: a `Trainer` and what to do at each turn (`Hooks`). Out: a trained model, in the trainer. The order inside a step is
a promise: a state at step N is saved after everything that step N had to say, so a resume never lacks a fact. Step 0,
the untrained model, is looked at too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from glassworks.common.clock import monotonic_s
from glassworks.lm.train.trainer import Trainer, Update
from glassworks.specs.stage import Stopped


class Look(Protocol):
    """Measures the model after `step` updates, where it is due."""

    def __call__(self, step: int, is_last: bool) -> None: ...


@dataclass(frozen=True)
class Hooks:
    """What the loop does with each step; where it goes is not its business."""

    tell: Callable[[Update], None]
    look: Look
    save: Callable[[], None]
    progress: Callable[[int], None]
    should_stop: Callable[[], bool]


def train(trainer: Trainer, hooks: Hooks) -> None:
    """Run `trainer` from its step to the last. Raises Stopped after saving, when asked to stop; Diverged."""
    last = trainer.config.steps
    if trainer.step == 0:
        hooks.look(0, is_last=False)
    hooks.progress(trainer.step)
    while trainer.step < last:
        hooks.tell(trainer.update())
        hooks.look(trainer.step, is_last=trainer.step == last)
        is_asked = hooks.should_stop() and trainer.step < last
        if is_asked or is_due(trainer.step, trainer.config.checkpoint_every, last):
            _save(trainer, hooks)
        hooks.progress(trainer.step)
        if is_asked:
            raise Stopped


def _save(trainer: Trainer, hooks: Hooks) -> None:
    """How long the loop stands still for it is told with the next step, since the row of this one is written."""
    started_s = monotonic_s()
    hooks.save()
    trainer.save_s = monotonic_s() - started_s


def is_due(step: int, every: int, last: int) -> bool:
    """Whether something with cadence `every` (0: at the end only) falls on `step`; the last step always counts."""
    return step == last or (every > 0 and step % every == 0)
