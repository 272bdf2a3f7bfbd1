"""What a diagnostic is: a pure fold over the facts of a run.

In: what was known before the first step (`Plan`), and then one fact after the other: a step's row, an evaluation, the
figures of the layers, the end of all numbers. Out: for each fact `None` (it says nothing about this fault), `CALM` (the
fault is not there), or a `Finding`. What a rule must remember is a small dictionary of JSON, its `memory`, which is saved
with the training state: a run that was cut finds the same as one that was not.

`watch.py` feeds the rules and tells a finding once per occurrence, so a rule may say the same at every step.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from glassworks.lm.train.config import TrainConfig
from glassworks.specs.events import RemedySpec

Memory = dict[str, Any]
"""JSON; a rule never changes the one that it was given."""

CALM: Final = "calm"


@dataclass(frozen=True)
class Plan:
    """What is known before the first step. `epochs`: part of the text -> how often the whole run reads it."""

    config: TrainConfig
    vocab_size: int
    epochs: dict[str, float] = field(default_factory=dict)
    memory_limit_bytes: int | None = None


@dataclass(frozen=True)
class Step:
    """A row of `metrics.jsonl`: metric -> number, as they were measured in this step."""

    step: int
    row: dict[str, float | int]


@dataclass(frozen=True)
class Evaluated:
    """What was measured on the validation part after a step."""

    step: int
    values: dict[str, float]


@dataclass(frozen=True)
class Layers:
    """Metric -> one number a layer, the first layer first; None where a layer has none."""

    step: int
    values: dict[str, tuple[float | None, ...]]


@dataclass(frozen=True)
class Broken:
    """A loss or gradient that is no number any more. `place`: the first part of the model where that was so."""

    step: int
    what: str
    place: str = ""


Fact = Step | Evaluated | Layers | Broken


@dataclass(frozen=True)
class Finding:
    """What is wrong, in one sentence; why; the numbers that say so; what to change."""

    message: str
    cause: str
    evidence: dict[str, float | int | str]
    remedy: RemedySpec | None = None


Verdict = Finding | Literal["calm"] | None


class Diagnostic(ABC):
    """One fault. The file's name is its id and, with `-` for `_`, the code of its findings.

    level: `warn` costs quality or time, `bad` costs the run.
    within, unit: it speaks at the latest so many steps, evaluations or measurements after the fault shows. A promise, tested.
    source: where the threshold comes from.
    """

    level: ClassVar[Literal["warn", "bad"]] = "warn"
    within: ClassVar[int]
    unit: ClassVar[Literal["steps", "evaluations", "measurements"]] = "steps"
    source: ClassVar[str]

    @staticmethod
    @abstractmethod
    def see(memory: Memory, fact: Fact, plan: Plan) -> tuple[Memory, Verdict]:
        """What is remembered after `fact`, and what it says. Pure; `memory` is {} before the first fact."""
