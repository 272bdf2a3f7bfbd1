"""The contract of a stage: one kind of work with typed `Config`, `Inputs`, `Outputs`.

A stage is one file in `glassworks/stages/`; the file name is its id. It reads its inputs, writes its outputs' folders
and returns; keys, folders, attempts and publishing are not its business.

    class SplitDataset(Stage):
        '''Hold whole documents out for validation.'''       <- the purpose, shown everywhere
        version = 1                                           <- raise it when the same inputs give another output
        class Config(SeededConfig): ...
        class Inputs(Ports):
            dataset: Annotated[Path, Port("dataset", "the documents to split")]
        class Outputs(Ports):
            train: Annotated[Path, Port("dataset", "what is learned from")]
        def run(self, ctx: Context[Config, Inputs, Outputs]) -> None: ...
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import Field

from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.base import Config, Spec
from glassworks.specs.events import AttemptEvent
from glassworks.specs.keeping import KeepCheckpoints

KEEP_ALL = KeepCheckpoints()


@dataclass(frozen=True)
class Port:
    """Metadata of an input or output: which kind of artifact, and what it is for."""

    kind: ArtifactKind
    description: str


class Ports(Spec):
    """Inputs or outputs by name; values are the artifacts' folders.

    `Path | None = None` marks an optional input, or an output that is made only where the settings ask for it: a folder left
    empty is then not published.
    """


class SeededConfig(Config):
    """Config of a stage that declares randomness."""

    seed: int = Field(default=1337, ge=0, lt=2**31, description="Start of every random stream.")


class Resources(Spec):
    """What an attempt may use; resolved when planning, never `auto`."""

    device: str = "cpu"
    dtype: str = "fp32"
    threads: int = Field(default=1, ge=1)
    rank: int = Field(default=0, ge=0)
    world: int = Field(default=1, ge=1)


class PortSpec(Spec):
    """A port as the catalogue lists it."""

    kind: ArtifactKind
    description: str
    is_optional: bool = False


class StageSpec(Spec):
    """A stage as the catalogue lists it: all that the engine and the pages need to know without importing it."""

    name: str
    version: int
    purpose: str
    origin: str = "glassworks"
    is_random: bool
    can_continue: bool
    libraries: tuple[str, ...]
    inputs: dict[str, PortSpec]
    outputs: dict[str, PortSpec]
    config_schema: dict[str, Any]


ConfigT_co = TypeVar("ConfigT_co", bound=Config, covariant=True)
InputsT_co = TypeVar("InputsT_co", bound=Ports, covariant=True)
OutputsT_co = TypeVar("OutputsT_co", bound=Ports, covariant=True)


class Context(Protocol, Generic[ConfigT_co, InputsT_co, OutputsT_co]):
    """What a running stage may touch, and nothing else."""

    @property
    def config(self) -> ConfigT_co: ...
    @property
    def inputs(self) -> InputsT_co: ...
    @property
    def outputs(self) -> OutputsT_co:
        """Empty folders to fill; what is in them when `run` returns is published."""

    @property
    def input_ids(self) -> dict[str, str]:
        """Artifact id of each connected input."""

    @property
    def state_dir(self) -> Path:
        """Private folder of this attempt for resumable state (`step-N` folders)."""

    @property
    def resume_from(self) -> Path | None:
        """The sound `step-N` state folder that this attempt must start from, fixed at its start."""

    @property
    def resources(self) -> Resources: ...
    @property
    def seed(self) -> int: ...
    @property
    def machine(self) -> dict[str, Any]:
        """What `glassworks doctor` measured of this machine (`MachineSpec` as JSON), `{}` if it was never run."""

    @property
    def log(self) -> Logger: ...

    def emit(self, event: AttemptEvent) -> None:
        """Store one fact of the run."""

    def metrics(self, row: dict[str, float | int]) -> None:
        """Store one step's row, `{"step": 12, "loss": 3.1, ...}`."""

    def progress(self, done: int, total: int, unit: str, phase: str) -> None:
        """How far the work is; throttled, so call it as often as is natural."""

    def should_stop(self) -> bool:
        """True once someone asked to stop: save what is needed to go on, then raise `Stopped`."""

    def summarize(self, output: str, summary: dict[str, Any]) -> None:
        """The few figures of an output that its manifest shows (documents, bytes, tokens ...)."""

    def save_state(
        self,
        step: int,
        write: Callable[[Path], None],
        checkpoint_files: tuple[str, ...] = (),
        keep: int = 2,
        summary: dict[str, Any] | None = None,
    ) -> None:
        """Save all that a resume at `step` needs, as one atomic `state/step-N`.

        `write(folder)` fills an empty folder; `checkpoint_files` of it are also published, by hard link, as a
        `checkpoint` artifact with `summary`; `checkpoint.saved` is emitted once both are complete. Older states beyond the newest
        `keep` are deleted. Flush what belongs to steps up to `step` (events, rows) first: they are, when this returns.
        """

    def save_in_background(
        self,
        step: int,
        take: Callable[[], Callable[[Path], None]],
        checkpoint_files: tuple[str, ...] = (),
        keep: int = 2,
        summary: dict[str, Any] | None = None,
        keep_checkpoints: KeepCheckpoints = KEEP_ALL,
    ) -> None:
        """The same beside the work: returns once `take()` has copied what is to be saved.

        `take` is called when no save is in flight any more; the `write` that it returns runs in another thread and may
        touch the copy alone. A save that failed raises at the next call of this or of `should_stop`, or at the stage's end;
        the attempt ends only when the last save is complete. `keep_checkpoints`: which of the run's checkpoints stay then.
        """


class Stopped(Exception):
    """Raised by a stage that stopped when asked and can go on later."""


class Stage(ABC):
    """Base of all stages. The docstring's first line is the purpose."""

    version: ClassVar[int]
    libraries: ClassVar[tuple[str, ...]] = ()
    """Distributions whose version can change the output; they are part of the key."""
    can_continue: ClassVar[bool] = False
    """Whether a finished run can be taken further from its last state (`glassworks continue`)."""

    Config: ClassVar[type[Config]]
    Inputs: ClassVar[type[Ports]]
    Outputs: ClassVar[type[Ports]]

    @abstractmethod
    def run(self, ctx: Any) -> None:
        """Do the work: read `ctx.inputs`, fill `ctx.outputs`."""

    @classmethod
    def resolve(cls, config: Any, machine: dict[str, Any]) -> Any:
        """Replace every `auto` by what this machine gives; called once, when planning. Default: nothing is `auto`."""
        return config

    @classmethod
    def foresee(cls, config: Any) -> dict[str, dict[str, int]]:
        """Output -> figures of its summary that the settings decide before anything runs. Default: none."""
        return {}

    @classmethod
    def resources(cls, config: Any) -> Resources:
        """What an attempt with this resolved config needs."""
        return Resources()
