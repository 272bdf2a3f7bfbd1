"""How often a run reads each part of a mixture: told before it starts, checked against what the mixture gives.

In: the training tokens, the settings. Out: a finding for the run's page, and epochs for the checkpoint's summary. For tokens
that are no mixture there is nothing to tell.
"""

from glassworks.lm.data.mixture import Mixture, Reading
from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.train.config import TrainConfig
from glassworks.specs.events import FindingRaised


def check_lasts(reader: TokenReader, config: TrainConfig, context: int, world: int = 1) -> None:
    """Raises InvalidSpec when the parts of a mixture are read as often as they may before the run's last step."""
    reader.order(context).check_lasts(config.steps * config.batch_size * world)


def plan_of_reading(
    reader: TokenReader, config: TrainConfig, context: int, world: int = 1
) -> FindingRaised | None:
    """What the whole run will read of each part; None where there is one part only."""
    readings = readings_at(reader, config, context, config.steps, world)
    if not readings:
        return None
    order = reader.order(context)
    told = "; ".join(
        f"{r.name} {r.share:.1%} of what is read, {_times(r.epochs)}" for r in readings
    )
    return FindingRaised(
        level="note",
        code="mixture-planned",
        message=f"The run reads {told}.",
        step=0,
        evidence={r.name: _evidence(r, order, context) for r in readings},
    )


def epochs_at(
    reader: TokenReader, config: TrainConfig, context: int, step: int, world: int = 1
) -> dict[str, float]:
    """Part -> how often it was read on average after `step` steps; empty for tokens that are no mixture."""
    readings = readings_at(reader, config, context, step, world)
    return {r.name: round(r.epochs, 3) for r in readings}


def readings_at(
    reader: TokenReader, config: TrainConfig, context: int, step: int, world: int
) -> list[Reading]:
    if len(reader.parts) == 1:
        return []
    return reader.order(context).readings(step * config.batch_size * world)


def _evidence(reading: Reading, order: Mixture, context: int) -> dict[str, float | int | None]:
    part = next(part for part in order.parts if part.name == reading.name)
    return {
        "share": round(reading.share, 4),
        "epochs": round(reading.epochs, 3),
        "max_epochs": part.max_epochs,
        "tokens": reading.num_windows * context,
    }


def _times(epochs: float) -> str:
    return f"{epochs:.1f} times" if epochs >= 1 else f"{epochs:.0%} of it"
