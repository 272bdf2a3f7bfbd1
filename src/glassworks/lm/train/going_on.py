"""Going on from a saved state: what does not fit is refused, what changes is told.

In: what the state says of itself (`TrainingSpec`), and the settings of the run that goes on. Out: errors and findings.
"""

from glassworks.common.errors import InvalidSpec
from glassworks.lm.train.state import TrainingSpec
from glassworks.specs.events import FindingRaised


def check_not_further(spec: TrainingSpec, steps: int) -> None:
    """Raises InvalidSpec where the state is beyond the last step of the run."""
    if spec.step > steps:
        raise InvalidSpec(
            "already-further",
            f"The saved state is at step {spec.step:,}, beyond the {steps:,} steps asked for.",
            f"Ask for more than {spec.step:,} steps, e.g. train.steps=+500.",
            "steps",
        )


def stretched(spec: TrainingSpec, steps: int) -> FindingRaised:
    """The run is of another length than the one that saved the state."""
    return FindingRaised(
        level="note",
        code="schedule-stretched",
        message=(
            f"This run goes on from step {spec.step:,} of a run of {spec.steps:,} steps. Its schedule is that of "
            f"{steps:,} steps, so the learning rate may jump here."
        ),
        step=spec.step,
        evidence={"from_steps": spec.steps, "to_steps": steps},
    )


def computed_otherwise(spec: TrainingSpec) -> FindingRaised:
    """Compiled before and eager now, or the other way round."""
    before, now = ("compiled", "eager") if spec.is_compiled else ("eager", "compiled")
    return FindingRaised(
        level="warn",
        code="not-bit-exact",
        message=(
            f"Up to step {spec.step:,} the computation was {before}; from here it is {now}. The two round differently, "
            "so the run does not go on with the very bits that it would have had."
        ),
        step=spec.step,
        evidence={"before": before, "now": now},
    )
