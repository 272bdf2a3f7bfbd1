"""The hub: follows every unfinished run, and whatever else somebody looks at, and passes frames on.

In: the store's run folders, viewers with their topics. Out: frames, each encoded once, and a call of `on_change` whenever a
run's view changed, looked at or not (the index and the notices live on that). All reading of small pieces happens in
the server's loop, ten times a second; what may be long (the first read of a run) happens in a thread.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterable

from glassworks.common.clock import utc_now
from glassworks.common.errors import GlassworksError, NotFound
from glassworks.common.ids import is_run_id, new_run_id
from glassworks.common.logging import get_logger
from glassworks.server.live.feed import Feed
from glassworks.server.live.flows import FollowedFlow, follow_flow
from glassworks.server.live.frames import GoneFrame, NoticeFrame, NoticeView, PingFrame, RunsFrame
from glassworks.server.live.viewer import GOING_AWAY, SIGNED_OUT, Viewer
from glassworks.server.live.views import Place, RunView
from glassworks.specs.run import RunSpec
from glassworks.storage.follow import Stamped
from glassworks.storage.store import Store

TICK_S = 0.1
ROWS_EVERY_S = 0.2
VIEWS_EVERY_S = 0.5
DISCOVER_EVERY_S = 1.0
PING_EVERY_S = 10.0
KEPT_S = 60.0
"""How long a run that ended and is not looked at stays followed."""

log = get_logger("server.live")
OnChange = Callable[[FollowedFlow, RunView, list[Stamped]], None]


class Hub:
    """One a server. `on_change` and `place` are set by whoever keeps index and queue."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.epoch = new_run_id()
        self.viewers: set[Viewer] = set()
        self.on_change: OnChange = lambda flow, view, events: None
        self.place: Callable[[str], Place | None] = lambda run: None
        self._flows: dict[str, FollowedFlow] = {}
        self._looked_at: dict[str, float] = {}
        self._known: set[str] = set()
        self._due: dict[str, float] = {}
        self._reading = threading.Lock()
        self._unreported: dict[str, list[Stamped]] = {}
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- life ----------------------------------------------------------------------------------------------------

    async def start(self, ended: Iterable[str] = ()) -> None:
        """Follow what is there, then keep following. `ended`: runs that the index knows to their end, read when asked for."""
        self._loop = asyncio.get_running_loop()
        self._known |= set(ended)
        await self._discover()
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Say goodbye to every viewer."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for viewer in list(self.viewers):
            viewer.close(GOING_AWAY)

    async def _run(self) -> None:
        while True:
            started = time.monotonic()
            if self._is_due("discover", DISCOVER_EVERY_S):
                await self._discover()
            try:
                self._tick()
            except Exception as error:  # a named edge: one bad tick must not end the stream
                log.error("a tick failed", exc_info=error)
            await asyncio.sleep(max(0.01, TICK_S - (time.monotonic() - started)))

    # --- viewers -------------------------------------------------------------------------------------------------

    async def subscribe(
        self,
        viewer: Viewer,
        topic: str,
        cursor: str | None,
        metrics: str | None,
        width: int | None = None,
    ) -> None:
        """Bring a viewer to now and keep it there. Raises NotFound for an unknown topic, InvalidSpec for a cursor."""
        kind, _, name = topic.partition(":")
        if kind == "run" and name:
            await self._replay(viewer, await self._feed(name), cursor, metrics, width)
        elif kind == "runs" and name:
            viewer.offer(self._complete_list(topic, name))
        elif topic != "notices":
            raise NotFound(
                "unknown-topic", f"There is nothing to follow called {topic!r}.", "", topic
            )
        viewer.topics.add(topic)

    async def _replay(
        self,
        viewer: Viewer,
        feed: Feed,
        cursor: str | None,
        metrics: str | None,
        width: int | None,
    ) -> None:
        """A long past is sent as fast as the viewer takes it, the last of it without a pause; thinned, where it is asked for."""
        replay = feed.replay(cursor, metrics)
        if width is not None and (rows := replay.long_past(width)):
            past = await asyncio.to_thread(feed.past, rows, width)
            for frame in replay.put_past(rows, past):
                viewer.offer(frame)
            await viewer.room()
        while frames := replay.step():
            for frame in frames:
                viewer.offer(frame)
            await viewer.room()
        self._send_rows_of(feed)  # what others wait for, so that nobody gets a row twice
        for frame in replay.rest():
            viewer.offer(frame)

    def notify_from_thread(self, notice: NoticeView) -> None:
        """Tell everyone who listens to notices."""
        frame = NoticeFrame(notice=notice).model_dump_json()
        self._in_loop(lambda: self._send("notices", frame))

    def forget(self, run: str, project: str) -> None:
        """A run of that project was deleted: stop following it and say so. Callable from any thread."""
        self._in_loop(lambda: self._forget(run, project))

    def sign_out(self, session: str) -> None:
        """A session ended: close its viewers. Callable from any thread."""
        self._in_loop(lambda: self._sign_out(session))

    def _sign_out(self, session: str) -> None:
        for viewer in list(self.viewers):
            if viewer.session == session:
                viewer.close(SIGNED_OUT)

    def _in_loop(self, call: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody listens
                self._loop.call_soon_threadsafe(call)

    def _forget(self, run: str, project: str) -> None:
        self._flows.pop(run, None)
        self._known.discard(run)
        for topic in (f"run:{run}", f"runs:{project}"):
            self._send(topic, GoneFrame(topic=topic, id=run).model_dump_json())

    def touch(self, run: str) -> None:
        """Something beside the folder changed for this run (its place in the queue): show it anew."""
        flow = self._flows.get(run)
        if flow is not None:
            flow.is_dirty = True

    # --- what others ask -----------------------------------------------------------------------------------------

    def flow(self, run: str) -> FollowedFlow:
        """The flow run as it stands now, followed from here on. Callable from any thread. Raises NotFound."""
        self._looked_at[run] = time.monotonic()
        with self._reading:  # however many ask at once, it is read once
            found = self._flows.get(run)
            if found is None:
                found = follow_flow(self.store, self.store.runs.get(run))
                self._flows[run] = found
        return found

    def view(self, flow: FollowedFlow) -> RunView:
        return flow.view(self.place(flow.spec.id))

    async def _feed(self, run: str) -> Feed:
        """The feed of a flow run, of a child of one, or of a stage run that stands alone."""
        spec = await asyncio.to_thread(self._spec, run)
        flow = await asyncio.to_thread(self.flow, spec.flow_run or run)
        self._send_new(flow)
        for feed in flow.feeds:
            if feed.run.id == run:
                return feed
        alone = await asyncio.to_thread(self.flow, run)  # a child that another run has taken over
        return alone.feed

    def _spec(self, run: str) -> RunSpec:
        return self.store.runs.get(run).spec()

    # --- following -----------------------------------------------------------------------------------------------

    async def _discover(self) -> None:
        """Follow flow runs that appeared, whoever began them."""
        names = await asyncio.to_thread(self._run_ids)
        for run in sorted(names - self._known):
            try:
                spec = await asyncio.to_thread(self._spec, run)
                if spec.kind == "flow":
                    flow = await asyncio.to_thread(self.flow, run)
                    self._unreported.setdefault(run, [])
                    flow.is_dirty = True
            except GlassworksError as error:
                log.warning("a run cannot be read: %s", error.message)
            self._known.add(run)
        self._known &= names

    def _run_ids(self) -> set[str]:
        root = self.store.runs.root
        return {path.name for path in root.glob("r*") if is_run_id(path.name)}

    def _tick(self) -> None:
        for run, flow in list(self._flows.items()):
            if flow.is_unfinished or self._is_looked_at(flow):
                self._send_new(flow)
            elif not flow.is_dirty and time.monotonic() - self._looked_at.get(run, 0) > KEPT_S:
                del self._flows[run]
        if self._is_due("rows", ROWS_EVERY_S):
            self._send_rows()
        if self._is_due("views", VIEWS_EVERY_S):
            self._send_views()
        if self._is_due("ping", PING_EVERY_S):
            frame = PingFrame(time=utc_now()).model_dump_json()
            for viewer in list(self.viewers):
                viewer.offer(frame)

    def _send_new(self, flow: FollowedFlow) -> None:
        try:
            found = flow.poll()
        except GlassworksError as error:
            log.warning("run %s cannot be followed: %s", flow.spec.id, error.message)
            return
        for feed, events in found.items():
            for frame in feed.events_frame(events) if self._has_viewers(feed.topic) else ():
                self._send(feed.topic, frame)
            if events:
                self._unreported.setdefault(flow.spec.id, []).extend(events)

    def _send_rows(self) -> None:
        for flow in self._flows.values():
            for feed in flow.feeds:
                self._send_rows_of(feed)

    def _send_rows_of(self, feed: Feed) -> None:
        if feed.has_new_rows:
            for frame in feed.new_rows():
                self._send(feed.topic, frame)

    def _send_views(self) -> None:
        for flow in [flow for flow in self._flows.values() if flow.is_dirty]:
            flow.is_dirty = False
            view = self.view(flow)
            events = self._unreported.pop(flow.spec.id, [])
            self.on_change(flow, view, events)
            if flow.spec.kind == "flow":
                topic = f"runs:{flow.spec.project}"
                self._send(topic, RunsFrame(topic=topic, runs=(view,)).model_dump_json())

    def _complete_list(self, topic: str, project: str) -> str:
        flows = [f for f in self._flows.values() if f.spec.project == project]
        views = tuple(self.view(f) for f in flows if f.spec.kind == "flow")
        return RunsFrame(topic=topic, runs=views, is_complete=True).model_dump_json()

    # --- sending -------------------------------------------------------------------------------------------------

    def _has_viewers(self, topic: str) -> bool:
        return any(topic in viewer.topics for viewer in self.viewers)

    def _is_looked_at(self, flow: FollowedFlow) -> bool:
        is_seen = any(self._has_viewers(feed.topic) for feed in flow.feeds)
        if is_seen:
            self._looked_at[flow.spec.id] = time.monotonic()
        return is_seen or time.monotonic() - self._looked_at.get(flow.spec.id, 0) < KEPT_S

    def _send(self, topic: str, frame: str) -> None:
        for viewer in list(self.viewers):
            if topic in viewer.topics:
                viewer.offer(frame)

    def _is_due(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every_s
        return True
