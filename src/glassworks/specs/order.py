"""What an attempt is given (`order.json`), who runs it (`heartbeat.json`), and how it ended (`exit.json`).

The engine writes the order; the shim writes the other two; all three lie in the attempt's folder. The worker's exit
codes are the shortest of messages: they get through even when the disk is full.
"""

from typing import Any, Literal

from pydantic import ConfigDict

from glassworks.specs.base import Spec
from glassworks.specs.stage import Resources

EXIT_DONE = 0
EXIT_STOPPED = 10
"""The stage saved what it needs to go on, then stopped as asked."""
EXIT_FAILED = 20
"""`error.json` says what happened."""
EXIT_DISK_FULL = 21
"""There was not even room for `error.json`."""


class OrderSpec(Spec):
    """One attempt's order: everything resolved, nothing left to look up but the artifacts' folders."""

    format: int = 1
    run: str
    attempt: int
    stage: str
    version: int
    config: dict[str, Any]
    inputs: dict[str, str] = {}
    """Input name -> artifact id; an optional input that is not connected is left out."""
    resources: Resources = Resources()
    seed: int = 0
    store: str
    """Root of the store, an absolute path."""
    resume_from: str | None = None
    """The sound `step-N` folder to start from; `resume_step` is its N, `resume_artifact` its checkpoint."""
    resume_step: int = 0
    resume_artifact: str | None = None
    machine: dict[str, Any] = {}


class HeartbeatSpec(Spec):
    """Who runs an attempt. Written once; the file's modification time is the beat, one a second."""

    model_config = ConfigDict(extra="ignore")

    pid: int
    shim_pid: int
    shim_start: str = ""
    """Clock ticks since boot at which the shim started; with its pid it names one process. Empty: not known."""
    machine: str = ""
    """This boot of this machine; process numbers mean something only where it is equal."""
    started_at: str


ExitReason = Literal["exited", "stopped", "killed", "stalled", "not-started"]


class ExitSpec(Spec):
    """How an attempt's worker ended. `reason` is what the shim did: `exited` means that nobody asked it to.

    `stopped`: after TERM was passed on, with whatever code; `killed`: on request; `stalled`: by the watchdog.
    """

    model_config = ConfigDict(extra="ignore")

    pid: int
    returncode: int | None
    signal: int | None
    started_at: str
    ended_at: str
    reason: ExitReason
    message: str = ""
    oom_kills: int = 0
    """How many processes the kernel killed for want of memory meanwhile, on the whole machine."""
    left: tuple[int, ...] = ()
    """Descendants that could not be killed."""
    missing: tuple[str, ...] = ()
    """Protections that this system does not have."""

    @property
    def is_stopped(self) -> bool:
        """Whether it ended as asked: it saved and stopped, or TERM came before the stage had begun."""
        was_early = self.reason == "stopped" and self.signal == 15
        return self.returncode == EXIT_STOPPED or was_early
