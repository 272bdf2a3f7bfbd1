"""What starts programs for the engine, and nothing more: the contract of an executor.

In: an attempt's folder and its order. Out: what became of it, read from the folder alone, so that any process can
take over the watching of an attempt that another one started. Deciding, recording and retrying are the engine's.

An executor is one file in `executors/` (`EXECUTORS` finds it): `local` starts a process on this machine.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from glassworks.common.registry import Registry
from glassworks.specs.order import ExitSpec, OrderSpec

StopHow = Literal["save", "kill"]


@dataclass(frozen=True)
class Observation:
    """It runs; or it ended, and `exit` says how; or neither: it is lost, or never started.

    A lost attempt may still have processes that are dying: `reap` it before its folder is read or another starts.
    """

    is_running: bool
    exit: ExitSpec | None = None


@dataclass(frozen=True)
class Capacity:
    """What attempts can have here."""

    num_cores: int
    memory_bytes: int


class Executor(ABC):
    """Base of all executors."""

    @abstractmethod
    def submit(self, attempt_dir: Path, order: OrderSpec) -> None:
        """Write `order.json` and start the attempt; returns once it has started. Raises Unavailable, DiskFull."""

    @abstractmethod
    def observe(self, attempt_dir: Path) -> Observation:
        """What is known now, from the attempt's folder; never waits."""

    @abstractmethod
    def stop(self, attempt_dir: Path, how: StopHow) -> None:
        """`save`: ask it to save its state and end; returns at once. `kill`: end it now; returns when it has ended."""

    @abstractmethod
    def logs(self, attempt_dir: Path, last_bytes: int = 20_000) -> str:
        """The end of what the worker printed."""

    @abstractmethod
    def owned(self, attempt_dir: Path) -> list[int]:
        """Process numbers of everything of an attempt that is alive on this machine, its shim included."""

    @abstractmethod
    def reap(self, attempt_dir: Path) -> None:
        """Kill everything that is left of an attempt. Raises Unavailable when something does not go."""

    @abstractmethod
    def capacity(self) -> Capacity: ...

    @abstractmethod
    def selftest(self) -> list[str]:
        """Run something tiny; returns what does not work or which protections are missing, in words."""


EXECUTORS: Registry[type[Executor]] = Registry("glassworks.engine.executors", Executor, "executor")
