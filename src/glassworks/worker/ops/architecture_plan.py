"""A model and its training from a time or from the dial: `{minutes | depth, vocab_size, tokens_available, machine, history}`.

Out: `{document, training, parameters, tokens, epochs, time_s, rule, rules, promised, based_on_runs}`. Unusual: where no training
was ever finished here, the speed is assumed (`is_speed_assumed`) and nothing is promised.
"""

from typing import Any

from pydantic import Field, model_validator

from glassworks.common.errors import Unavailable
from glassworks.lm.estimate.cost import training_duration_s
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.dial import rules
from glassworks.lm.model.dial.settings import MAX_DEPTH, DialSetting, turn
from glassworks.lm.model.dial.timing import fit
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.train.config import TrainConfig
from glassworks.specs.base import Spec
from glassworks.specs.machine import MachineSpec
from glassworks.specs.speed import SpeedHistory, SpeedPoint
from glassworks.stages.train_model import TrainModel
from glassworks.worker.ops.base import Op

ASSUMED = SpeedPoint(utilization=0.3, start_s=5.0, other_share=0.15)
"""What small trainings reach on machines that we measured; used only until one was finished here."""
DEFAULT_DEPTH = 4


class ArchitecturePlan(Op):
    """Choose a model and its training for a time, or for a depth."""

    class Args(Spec):
        minutes: float | None = Field(default=None, gt=0, le=100_000)
        depth: int | None = Field(default=None, ge=1, le=MAX_DEPTH)
        vocab_size: int = Field(default=2048, ge=2, le=2_000_000)
        tokens_available: int | None = Field(default=None, ge=1)
        device: str | None = None
        machine: dict[str, Any] = {}
        history: SpeedHistory = SpeedHistory()

        @model_validator(mode="after")
        def _one_question(self) -> "ArchitecturePlan.Args":
            if self.minutes is not None and self.depth is not None:
                raise ValueError("give minutes or depth, not both")
            return self

    def run(self, args: Args) -> dict[str, Any]:
        watch = Watch(args)
        if args.minutes is None:
            setting = turn(args.depth or DEFAULT_DEPTH, args.vocab_size, args.tokens_available)
            sentences = [f"Depth {setting.depth}, and everything else by the rules below."]
            time_s = watch.seconds(setting)
        else:
            timed = fit(
                60 * args.minutes, args.vocab_size, watch.needed_seconds, args.tokens_available
            )
            setting, time_s, sentences = timed.setting, timed.time_s, list(timed.sentences)
        if watch.is_assumed and time_s is not None:
            sentences.append(
                "No training was finished on this machine yet: its speed is assumed, and nothing is promised."
            )
        return {
            **setting.to_json(),
            "time_s": time_s,
            "based_on_runs": len(watch.history_of(setting).points),
            "is_speed_assumed": watch.is_assumed,
            "promised": None
            if time_s is None or watch.is_assumed
            else {"minutes": args.minutes, "time_s": time_s, "tokens": setting.tokens},
            "rule": sentences,
            "rules": [rule.to_json() for rule in rules.RULES],
        }


class Watch:
    """How long a setting takes on this machine."""

    def __init__(self, args: ArchitecturePlan.Args) -> None:
        self.machine = MachineSpec.model_validate(args.machine) if args.machine else None
        chosen = {"device": args.device} if args.device else {}
        config = TrainModel.resolve(TrainConfig.model_validate(chosen), args.machine)
        self.device, self.dtype = TrainModel.resources(config).device, str(config.dtype)
        self.where = f"{self.device}/{self.dtype}"
        self.history = args.history
        self.is_assumed = not args.history.near(self.where, 1).points

    def history_of(self, setting: DialSetting) -> SpeedHistory:
        return self.history.near(self.where, setting.parameters)

    def seconds(self, setting: DialSetting) -> float | None:
        """None where this machine was never measured."""
        table = shape_table(parse_architecture(setting.document))
        least_s = training_duration_s(table, setting.tokens, self.machine, self.device, self.dtype)
        history = self.history_of(setting)
        if self.is_assumed:
            history = SpeedHistory(points=(ASSUMED,))
        return None if least_s is None else history.duration_s(least_s)

    def needed_seconds(self, setting: DialSetting) -> float:
        """Raises Unavailable where this machine was never measured."""
        seconds = self.seconds(setting)
        if seconds is None:
            raise Unavailable(
                "machine-not-measured",
                "How fast this machine is has not been measured yet.",
                "Run `glassworks doctor`, which takes some seconds, then ask again.",
            )
        return seconds
