"""What goes in and out about runs. `RunView`, the line in a list, is `server.live.views`'."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.runs import examples
from glassworks.server.live.views import RunView
from glassworks.specs.base import Spec
from glassworks.specs.events import Event
from glassworks.specs.flow import PlannedInput, RecipeSpec
from glassworks.specs.run import RunState
from glassworks.specs.sweep import SweepSpec

Action = Literal[
    "pause",
    "cancel",
    "resume",
    "continue",
    "branch",
    "prove",
    "clone",
    "rename",
    "delete",
    "replay",
]


class RunCreate(Spec):
    """What to build: a recipe by name or as a document, with `settings` as `--set` writes them."""

    recipe: str | None = Field(default=None, examples=["first-model"])
    document: RecipeSpec | None = None
    settings: tuple[str, ...] = Field(default=(), examples=[["train.steps=400"]])
    name: str | None = Field(default=None, examples=["small"])
    project: str = Field(default=DEFAULT_PROJECT, examples=[DEFAULT_PROJECT])
    is_fresh: bool = False
    upload: str | None = Field(default=None, description="A completed upload to learn from.")
    sweep: SweepSpec | None = Field(
        default=None, description="Settings to vary: the run is a sweep, one model a variant."
    )
    minutes: float | None = Field(
        default=None, gt=0, le=100_000, description="Choose the model and its training for a time."
    )


class RunOrdered(Spec):
    """`is_resumed`: an unfinished run of the same plan is gone on with."""

    run: RunView
    is_resumed: bool = False


class RunUpdate(Spec):
    name: str = Field(examples=["plays-small"])


class RunContinue(Spec):
    settings: tuple[str, ...] = Field(default=(), examples=[["train.steps=+500"]])
    name: str | None = None


class RunBranch(Spec):
    """From which step a run goes another way: a number, `latest` or `best`."""

    step: str = Field(default="latest", pattern=r"^(\d+|latest|best)$", examples=["600"])
    settings: tuple[str, ...] = Field(default=(), examples=[["train.optimizer.learning_rate=0.01"]])
    name: str | None = None


class LineageView(Spec):
    """An artifact that a run read or made. `made_by` is a run id."""

    name: str
    kind: str
    artifact: str
    size_bytes: int | None
    made_by: str | None
    summary: dict[str, Any] = {}


class NodeDetail(Spec):
    """One node of a flow with everything that is known of it; `cursor`s are where to follow from."""

    name: str
    stage: str
    purpose: str
    status: str
    action: str | None = None
    reason: str | None = None
    changes: tuple[str, ...] = ()
    run: str | None = None
    cursor: str | None = None
    metrics_cursor: str | None = None
    state: RunState | None = None
    inputs: dict[str, PlannedInput] = {}
    outputs: dict[str, str] = {}
    config: dict[str, Any] = {}
    resources: dict[str, Any] = {}


class RunDetail(Spec):
    """A run in full, with the cursors from which its live stream goes on without a gap."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DETAIL]})

    run: RunView
    cursor: str
    metrics_cursor: str
    state: RunState
    nodes: tuple[NodeDetail, ...]
    recipe: RecipeSpec | None
    environment: dict[str, Any]
    flow_run: str | None
    lineage: tuple[LineageView, ...]
    folder: str
    actions: tuple[Action, ...]


class SeriesView(Spec):
    """One metric over steps; where rows were put together, their mean and range."""

    steps: tuple[int, ...]
    mean: tuple[float, ...]
    min: tuple[float, ...]
    max: tuple[float, ...]


class MetricsView(Spec):
    """Step rows as series of at most `width` points; `cursor` is where live rows go on."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.METRICS]})

    cursor: str
    first_step: int | None
    last_step: int | None
    num_rows: int
    series: dict[str, SeriesView]


class EventsView(Spec):
    """Events of a run in the order that `fold` wants: all, unless fewer were asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EVENTS]})

    cursor: str
    events: tuple[Event, ...]


class LogLine(Spec):
    """A line of a worker's log. `number` counts over all attempts."""

    number: int
    attempt: int
    time: str
    level: str
    logger: str
    message: str
    traceback: str | None = None


class LogPage(Spec):
    """Newest first. `levels` counts all lines by level."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LOGS]})

    items: tuple[LogLine, ...]
    next: str | None
    total: int
    levels: dict[str, int]
