"""What stages share whose work several processes do: the setting, what `auto` means, and how many are worth their start.

A stage takes `processes: Processes = processes_field()` into its `Config` and `SharedStage` as its base.
"""

from typing import Annotated, Any

from pydantic import Field

from glassworks.lm.tokenizer.encoders import num_usable_cores
from glassworks.specs.base import DISPLAY_ONLY, Auto
from glassworks.specs.stage import Resources, Stage

Processes = Annotated[int, Field(ge=1, le=256)] | Auto
GROUPS_PER_PROCESS = 3
"""Fewer row groups (about 8 MB of text each) are not worth a process: it needs a second to start."""


def processes_field() -> Any:
    return Field(
        default="auto",
        json_schema_extra=DISPLAY_ONLY,
        description="Processes that share the work; auto takes one per core. The result is the same.",
    )


class SharedStage(Stage):
    """A stage whose `Config` has `processes`."""

    @classmethod
    def resolve(cls, config: Any, machine: dict[str, Any]) -> Any:
        """One process per core of this machine in place of `auto`."""
        if config.processes != "auto":
            return config
        cores = int(machine.get("num_cores") or num_usable_cores())
        return config.model_copy(update={"processes": max(1, cores)})

    @classmethod
    def resources(cls, config: Any) -> Resources:
        return Resources(threads=config.processes if isinstance(config.processes, int) else 1)


def num_processes(ctx: Any, num_groups: int, groups_per_process: int = GROUPS_PER_PROCESS) -> int:
    """How many processes are worth it for so many row groups, of those that the run may use."""
    threads: int = ctx.resources.threads
    return max(1, min(threads, num_groups // groups_per_process))
