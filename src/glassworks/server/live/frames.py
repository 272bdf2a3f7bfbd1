"""The frames of the live stream: everything that is ever sent to a viewer is one member of this union.

Topics: `run:<id>` (any run, flow or stage; each has its own cursor), `runs:<project>` (the list), `notices`.
A viewer follows a flow, and its children as `node.decided` names them.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from glassworks.server.live.views import RunView
from glassworks.specs.base import Spec
from glassworks.specs.events import ErrorSpec, Event
from glassworks.specs.run import RunState


class HelloFrame(Spec):
    """The first frame. `epoch` names this start of the server."""

    type: Literal["hello"] = "hello"
    version: str
    epoch: str


class SnapshotFrame(Spec):
    """The whole state, when a viewer has no cursor that can be replayed. Step rows follow in `metrics` frames."""

    type: Literal["snapshot"] = "snapshot"
    topic: str
    cursor: str
    state: RunState


class EventsFrame(Spec):
    """Events in the order that `fold` wants; `cursor` stands after the last of them."""

    type: Literal["events"] = "events"
    topic: str
    cursor: str
    events: tuple[Event, ...]


class MetricsFrame(Spec):
    """Step rows; `cursor` is (attempt, line) after the last of them. At most five frames a second.

    `low` and `high`: where neighbors of a long past were put together, a row is their mean, and these, as many, are their least
    and greatest values.
    """

    type: Literal["metrics"] = "metrics"
    topic: str
    cursor: str
    rows: tuple[dict[str, Any], ...]
    low: tuple[dict[str, Any], ...] = ()
    high: tuple[dict[str, Any], ...] = ()


class RunsFrame(Spec):
    """Runs of a list that are new or changed; `is_complete`: these are all unfinished and the newest others."""

    type: Literal["runs"] = "runs"
    topic: str
    runs: tuple[RunView, ...]
    is_complete: bool = False


class GoneFrame(Spec):
    """A run was deleted."""

    type: Literal["gone"] = "gone"
    topic: str
    id: str


class NoticeView(Spec):
    """Something that a person should hear of though they looked elsewhere."""

    id: int
    time: str
    project: str
    kind: Literal["done", "failed", "stopped", "finding"]
    run: str
    title: str
    text: str
    is_read: bool = False


class NoticeFrame(Spec):
    type: Literal["notice"] = "notice"
    topic: Literal["notices"] = "notices"
    notice: NoticeView


class ProblemFrame(Spec):
    """What was asked for cannot be followed."""

    type: Literal["problem"] = "problem"
    topic: str
    error: ErrorSpec


class PingFrame(Spec):
    """Sent every ten seconds; answer with `{"type": "pong"}`."""

    type: Literal["ping"] = "ping"
    time: str


LiveFrame = Annotated[
    HelloFrame
    | SnapshotFrame
    | EventsFrame
    | MetricsFrame
    | RunsFrame
    | GoneFrame
    | NoticeFrame
    | ProblemFrame
    | PingFrame,
    Field(discriminator="type"),
]


class Subscribe(Spec):
    """A viewer's wish: follow `topic`, from the cursors that it has.

    `width`: a past of many more step rows than this comes as about so many; what is new comes row by row.
    """

    type: Literal["subscribe"] = "subscribe"
    topic: str
    cursor: str | None = None
    metrics: str | None = None
    width: int | None = Field(default=None, ge=1, le=100_000)


class Unsubscribe(Spec):
    type: Literal["unsubscribe"] = "unsubscribe"
    topic: str


class Pong(Spec):
    type: Literal["pong"] = "pong"


ViewerMessage = Annotated[Subscribe | Unsubscribe | Pong, Field(discriminator="type")]
