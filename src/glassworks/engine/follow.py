"""Following a flow run from its folders: the one view behind every live display, in this terminal or another."""

from dataclasses import dataclass, field

from glassworks.common.errors import NotFound
from glassworks.specs.events import NodeDecided
from glassworks.specs.flow import PlannedNode
from glassworks.specs.run import RunSpec, RunState
from glassworks.storage.follow import RunFollower
from glassworks.storage.locks import is_held
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store


@dataclass
class NodeView:
    """One node as a screen shows it."""

    planned: PlannedNode
    decision: NodeDecided | None = None
    follower: RunFollower | None = None

    @property
    def name(self) -> str:
        return self.planned.name

    @property
    def state(self) -> RunState | None:
        return self.follower.state if self.follower else None

    @property
    def rows(self) -> list[dict[str, float]]:
        """Step rows that count, oldest first."""
        return self.follower.rows if self.follower else []

    @property
    def status(self) -> str:
        """`waiting`, `reused`, or the run's own status."""
        if self.decision is None or self.state is None:
            return "waiting"
        return "reused" if self.decision.action == "reuse" else self.state.status


@dataclass
class FlowFollower:
    """A flow run and its children as they grow. A stage run is shown as a flow of one node."""

    store: Store
    run: RunFolder
    nodes: dict[str, NodeView] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spec: RunSpec = self.run.spec()
        self._follower = RunFollower(self.run)
        planned = self.spec.plan.nodes if self.spec.plan else (self.spec.node,)
        self.nodes = {node.name: NodeView(node) for node in planned if node is not None}
        if self.spec.kind == "stage":
            for view in self.nodes.values():
                view.follower = self._follower
                view.decision = NodeDecided(
                    node=view.name, action="run", key=self.spec.key, run=self.run.id, reason=""
                )

    @property
    def state(self) -> RunState:
        return self._follower.state

    @property
    def current(self) -> NodeView | None:
        """The node that runs now, else the last one that ran."""
        ran = [view for view in self.nodes.values() if view.status not in ("waiting", "reused")]
        running = [view for view in ran if view.status in ("running", "stopping")]
        return next(reversed(running or ran), None)

    @property
    def is_driven(self) -> bool:
        """Whether some process drives this run now."""
        return is_held(self.run.lock_file)

    def poll(self) -> bool:
        """Read what is new; True when there was something."""
        events = [stamped.event for stamped in self._follower.poll()]
        for event in events:
            if isinstance(event, NodeDecided) and event.node in self.nodes:
                self._decide(self.nodes[event.node], event)
        is_new = bool(events)
        for view in self.nodes.values():
            if view.follower is not None and view.follower is not self._follower:
                is_new |= bool(view.follower.poll())
        return is_new

    def _decide(self, view: NodeView, decision: NodeDecided) -> None:
        is_other = view.decision is None or view.decision.run != decision.run
        view.decision = decision
        if is_other:
            try:
                view.follower = RunFollower(self.store.runs.get(decision.run))
            except NotFound:
                view.follower = None
