"""One update: a batch in, better weights and one row of figures out.

In: a model, tokens, settings. Out: `Trainer.update()` after `update()`. Everything that decides an update is a pure
function of (seed, step) and of what `state.py` saves, so a run that was killed goes on bit for bit.

Legend: B batch, T time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from glassworks.common.clock import monotonic_s
from glassworks.common.errors import Diverged
from glassworks.lm.data.tokens import Batch, TokenReader
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.measuring import LayerMeter
from glassworks.lm.train.objectives import OBJECTIVES
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.lm.train.precision import DTYPES, Weights
from glassworks.lm.train.schedules import SCHEDULES
from glassworks.lm.train.step_clock import StepClock
from glassworks.lm.train.wishes import Wishes

Piece = tuple[Tensor, Tensor, Tensor | None, Tensor | None]
"""Inputs, targets, mask and segments of a part of a batch, each (B, T)."""


@dataclass(frozen=True)
class Update:
    """What one update was: figures of step `step`, before its weights changed (loss) and of the change itself."""

    step: int
    loss: float
    learning_rate: float
    gradient_norm: float
    num_tokens: int
    duration_s: float
    save_s: float = 0.0
    """How long the loop stood still, before this update, for the save after the step before; 0: none was saved."""
    measure_s: float = 0.0
    """How long the loop stood still since the update before to be looked at."""
    times: dict[str, float] = field(default_factory=dict)
    """Seconds of each phase of the update, see `step_clock.py`."""
    wishes: dict[str, float] = field(default_factory=dict)
    """What parts of the model want besides, by metric, see `wishes.py`; no part of `loss`."""


class Trainer:
    """A model that learns. `step` is the number of updates so far, `num_tokens` the tokens read for them."""

    def __init__(
        self,
        weights: Weights,
        reader: TokenReader,
        config: TrainConfig,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self.weights = weights
        self.reader = reader
        self.config = config
        self.rank, self.world = rank, world
        self.step = 0
        self.num_tokens = 0
        self.save_s = 0.0
        """How long the loop stood still for the save since the last update."""
        self.measure_s = 0.0
        self.clock = StepClock(weights.model.device.type)
        self.meter = LayerMeter(weights, config.layers_every, config.steps)
        self.context = weights.model.architecture.context
        self.wishes: dict[str, float] = {}
        """What parts of the model wanted besides at the last step."""
        self.objective = OBJECTIVES.load(config.objective.kind)(config.objective)
        self.schedule = SCHEDULES.load(config.schedule.kind)(config.schedule, config.steps)
        self.is_compiled = False
        """Whether `loss_sum` was compiled, see `compiling.py`."""
        self.loss_sum: Callable[..., Tensor] = partial(self.objective.loss_sum, weights.model)
        """A piece -> the sum of its losses."""
        self.optimizer = OPTIMIZERS.load(config.optimizer.kind)(
            config.optimizer, weights.masters, DTYPES[weights.dtype]
        )

    def update(self) -> Update:
        """Do the next step. Raises Diverged when the loss or the gradient is no number any more."""
        started_s = monotonic_s()
        step = self.step + 1
        meter = self.meter if self.meter.is_due(step) else None
        looked_s, self.measure_s = self.measure_s, 0.0
        self.clock.begin()
        batch = self.next_batch()
        self.clock.mark("data_s")
        loss = self._accumulate_gradients(batch)
        if meter is not None:
            self._aside(lambda: meter.look(step, batch))
            self.clock.mark("measure_s")
        norm = self._clip()
        _check_finite(step, loss, norm)
        factor = self._change_weights(step)
        self.clock.mark("optimizer_s")
        if meter is not None:
            self._aside(meter.look_back)
        self.step = step
        self.num_tokens += batch.inputs_BT.size
        aside_s, self.measure_s = self.measure_s, 0.0
        save_s, self.save_s = self.save_s, 0.0
        return Update(
            step=step,
            loss=loss,
            learning_rate=self.config.optimizer.learning_rate * factor,
            gradient_norm=norm,
            num_tokens=batch.inputs_BT.size,
            duration_s=monotonic_s() - started_s - aside_s,
            save_s=save_s,
            measure_s=looked_s + aside_s,
            times=self.clock.times(),
            wishes=self.wishes,
        )

    def _aside(self, look: Callable[[], None]) -> None:
        """Do what is no part of learning, and keep its time apart."""
        started_s = monotonic_s()
        look()
        self.measure_s += monotonic_s() - started_s

    def next_batch(self) -> Batch:
        """What the next update learns from."""
        return self.reader.batch(
            self.config.seed,
            self.step,
            self.config.batch_size,
            self.context,
            self.rank,
            self.world,
            has_segments=not self.config.attention_across_documents,
        )

    def try_out(self, batch: Batch) -> None:
        """Compute loss and gradient of a batch and forget them."""
        self._accumulate_gradients(batch)
        self.weights.clear_gradients()

    def _accumulate_gradients(self, batch: Batch) -> float:
        """Backward through each piece; leaves the mean's gradient in the masters and returns the mean loss."""
        num_trained = _num_trained(batch)
        self.weights.clear_gradients()
        total = 0.0
        wishes = Wishes() if self.weights.model.has_wishes else None
        for piece in self._pieces(batch):
            heard = {"wishes": wishes.begin()} if wishes else {}
            loss_sum = self.loss_sum(*piece, **heard)
            wanted = loss_sum + wishes.take(piece[0], piece[2]) if wishes else loss_sum
            self.clock.mark("forward_s")
            torch.autograd.backward(wanted / num_trained)
            self.weights.collect_gradients()
            self.clock.mark("backward_s")
            total += float(loss_sum.detach())
        self.wishes = wishes.means(num_trained) if wishes else {}
        return total / num_trained

    def _pieces(self, batch: Batch) -> list[Piece]:
        """The batch in `accumulation` equal pieces, on the model's device."""
        inputs = self._cut(batch.inputs_BT)
        targets = self._cut(batch.targets_BT)
        masks, segments = self._cut(batch.mask_BT), self._cut(batch.segments_BT)
        return list(zip(inputs, targets, masks, segments, strict=True))  # type: ignore[arg-type]

    def _cut(self, whole: npt.NDArray[Any] | None) -> list[Tensor] | list[None]:
        num_pieces = self.config.accumulation
        if whole is None:
            return [None] * num_pieces
        return list(torch.from_numpy(whole).to(self.weights.model.device).chunk(num_pieces))

    def _clip(self) -> float:
        """Length of the whole gradient; scales it down to `clip_norm` where it is longer."""
        gradients = self.weights.gradients
        norm = float(torch.stack(torch._foreach_norm(gradients)).norm())
        limit = self.config.clip_norm
        if limit and math.isfinite(norm) and norm > limit:
            torch._foreach_mul_(gradients, limit / norm)
        return norm

    def _change_weights(self, step: int) -> float:
        factor = self.schedule.factor(step)
        with torch.no_grad():
            self.optimizer.step(step, factor)
        self.weights.refresh_model()
        return factor


def _num_trained(batch: Batch) -> int:
    """Positions that count; at least 1, so that a batch without any gives a loss of 0."""
    if batch.mask_BT is None:
        return int(batch.targets_BT.size)
    return max(1, int(np.count_nonzero(batch.mask_BT)))


def _check_finite(step: int, loss: float, norm: float) -> None:
    if math.isfinite(loss) and math.isfinite(norm):
        return
    what = f"the loss is {loss}" if not math.isfinite(loss) else f"the gradient's length is {norm}"
    raise Diverged(
        "diverged",
        f"Training diverged at step {step:,}: {what}.",
        "Lower the optimizer's learning_rate, lengthen the schedule's warmup, or keep clip_norm at 1 or below.",
        f"step {step}",
    )
