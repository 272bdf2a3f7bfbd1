"""A flow as the hub follows it: its own feed, those of its children, and the view that lists show."""

from dataclasses import dataclass, field

from glassworks.common.errors import GlassworksError
from glassworks.flow.changes import changed_settings
from glassworks.server.live.feed import Feed
from glassworks.server.live.views import Place, RunView, run_view
from glassworks.specs.events import NodeDecided
from glassworks.specs.run import UNFINISHED, RunSpec
from glassworks.storage.follow import Stamped
from glassworks.storage.locks import is_held
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store


@dataclass
class FollowedFlow:
    """A flow run and its children; a stage run alone is a flow without children."""

    store: Store
    run: RunFolder
    children: dict[str, Feed] = field(default_factory=dict)
    is_dirty: bool = True

    def __post_init__(self) -> None:
        self.spec: RunSpec = self.run.spec()
        self.feed = Feed(self.run)
        plan = self.spec.plan
        self.changes = changed_settings(plan) if plan else ()

    @property
    def feeds(self) -> list[Feed]:
        return [self.feed, *tuple(self.children.values())]

    @property
    def is_unfinished(self) -> bool:
        return self.feed.follower.state.status in UNFINISHED[:3]

    def poll(self) -> dict[Feed, list[Stamped]]:
        """Read what is new of all of them, children that were just decided included."""
        found = {self.feed.topic: self.feed.poll()}
        for stamped in found[self.feed.topic]:
            if isinstance(stamped.event, NodeDecided):
                self._decide(stamped.event)
        for child in tuple(self.children.values()):
            found[child.topic] = child.poll()
        self.is_dirty |= any(found.values()) or any(f.has_new_rows for f in self.feeds)
        return {feed: found[feed.topic] for feed in self.feeds}

    def view(self, place: Place | None = None) -> RunView:
        children = tuple(self.children.items())  # the loop may add one while a request looks
        followers = {name: child.follower for name, child in children}
        is_driven = is_held(self.run.lock_file)
        return run_view(self.spec, self.feed.follower, followers, is_driven, self.changes, place)

    def _decide(self, decision: NodeDecided) -> None:
        known = self.children.get(decision.node)
        if known is None or known.run.id != decision.run:
            try:
                self.children[decision.node] = Feed(self.store.runs.get(decision.run))
            except GlassworksError:
                self.children.pop(decision.node, None)


def follow_flow(store: Store, run: RunFolder) -> FollowedFlow:
    """A flow read to its present end. Raises BadData for a damaged run."""
    flow = FollowedFlow(store, run)
    flow.poll()
    return flow
