"""The jobs: what people order, in which order it is done, and who drives it.

In: orders (build, pause, cancel, resume, prove, rename, delete). Out: runs driven through the engine, the index kept up to
date, notices. Runs wait in two lanes (`lanes.py`), each drives one at a time: what only handles text does not wait for a
training. Unusual: a driver is a thread here, the work itself is a process of its own that outlives this server; what was being
driven when a server died is found in the queue and adopted at the next start.
"""

import contextlib
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from glassworks.common.errors import Conflict, GlassworksError, NotFound
from glassworks.common.logging import get_logger
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.attempt import busy
from glassworks.engine.continue_run import open_continued
from glassworks.engine.drive import open_flow_run
from glassworks.engine.planning import recipe_for_minutes
from glassworks.engine.sweeps import plan_recipe
from glassworks.engine.workshop import Workshop
from glassworks.flow.recipe import load_recipe
from glassworks.server.db.database import Database
from glassworks.server.jobs import queue
from glassworks.server.jobs.driver import Driver
from glassworks.server.jobs.index import forget_run, index_items, index_run
from glassworks.server.jobs.lanes import Lane, lane_of
from glassworks.server.jobs.notices import write_notices
from glassworks.server.live.flows import FollowedFlow
from glassworks.server.live.hub import Hub
from glassworks.server.live.views import Place, RunView
from glassworks.specs.events import RunQueued, RunRenamed, RunStopped
from glassworks.specs.flow import RecipeSpec
from glassworks.specs.machine import MachineSpec
from glassworks.storage.follow import Stamped
from glassworks.storage.items import check_name
from glassworks.storage.locks import is_held
from glassworks.storage.runs import RunFolder

log = get_logger("server.jobs")
IDLE_S = 1.0
FIRST_RECIPE = "first-model"


class Jobs:
    """One a server; every method may be called from any thread."""

    def __init__(self, workshop: Workshop, database: Database, hub: Hub) -> None:
        self.workshop = workshop
        self.database = database
        self.hub = hub
        self._drivers: dict[Lane, Driver] = {}
        self._lanes: dict[str, Lane] = {}
        """Run -> lane, of those in the queue."""
        self._places: dict[str, Place] = {}
        self._wishes: dict[str, Literal["save", "kill"]] = {}
        """What was asked of a run that is in the queue to be adopted: its worker lives, its driver does not yet."""
        self._lock = threading.RLock()
        self._planning = threading.Lock()
        self._wake = threading.Event()
        self._is_closed = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._scheduler = threading.Thread(target=self._schedule, name="schedule", daemon=True)
        self._first: threading.Thread | None = None

    # --- life ----------------------------------------------------------------------------------------------------

    def start(self, has_first_run: bool = True) -> None:
        """Adopt what was being driven, go on with the queue; in an empty store begin the first model."""
        self.hub.place = self._places.get
        self.hub.on_change = self._changed
        with self.database.transaction() as session:
            queue.put_back(session)
        self._renew_places()
        self._scheduler.start()
        if has_first_run and not any(True for _ in self.workshop.store.runs.all_folders()):
            self._first = threading.Thread(target=self._begin_first, name="first-run", daemon=True)
            self._first.start()

    @property
    def is_beginning(self) -> bool:
        """Whether the first model is being prepared and has no run yet."""
        return self._first is not None and self._first.is_alive()

    def close(self) -> None:
        """Stop driving; what runs goes on and is adopted at the next start."""
        self._is_closed = True
        self._wake.set()
        self._scheduler.join()
        for driver in list(self._drivers.values()):
            driver.leave()
        self._writer.shutdown()

    # --- orders --------------------------------------------------------------------------------------------------

    def create(
        self,
        recipe: RecipeSpec,
        name: str | None = None,
        project: str = DEFAULT_PROJECT,
        is_fresh: bool = False,
        minutes: float | None = None,
    ) -> tuple[RunFolder, bool]:
        """Plan a recipe and put it in the queue. True: an unfinished run of the same plan is gone on with."""
        with self._planning:
            machine = self.machine()
            if minutes is not None:
                recipe, _ = recipe_for_minutes(self.workshop, recipe, minutes, machine, project)
            plan = plan_recipe(self.workshop, recipe, machine, name, is_fresh, project)
            run, is_resumed = open_flow_run(self.workshop, plan, machine, project, minutes=minutes)
        self._enqueue(run, is_resumed)
        return run, is_resumed

    def continue_run(self, run: RunFolder, settings: list[str], name: str | None) -> RunFolder:
        """A child run that goes on from the last state of `run`. Raises Conflict when it has none."""
        return self._open_child(run, settings, name, None)

    def branch(self, run: RunFolder, step: str, settings: list[str], name: str | None) -> RunFolder:
        """A child run that starts from `step` of `run`, also of one that runs. Raises NotFound, Conflict."""
        return self._open_child(run, settings, name, step)

    def _open_child(
        self, run: RunFolder, settings: list[str], name: str | None, step: str | None
    ) -> RunFolder:
        with self._planning:
            child, is_resumed = open_continued(
                self.workshop, self.machine(), run, settings, name, step
            )
        self._enqueue(child, is_resumed)
        return child

    def resume(self, run: RunFolder) -> None:
        """Put a stopped, failed or interrupted run in the queue again. Raises Conflict."""
        if run.done() is not None:
            raise Conflict(
                "run-done",
                f"Run {run.id} is done; there is nothing to resume.",
                "Continue it with more steps instead.",
                run.id,
            )
        if not self._enqueue(run, is_resumed=True):
            if self._is_stopping(run.id):
                raise Conflict(
                    "run-stopping",
                    f"Run {run.id} is just being stopped.",
                    "Resume it once its state is saved.",
                    run.id,
                )
            raise Conflict(
                "already-queued",
                f"Run {run.id} is running or waiting already.",
                "Wait for it, or pause it first.",
                run.id,
            )

    def pause(self, run: RunFolder) -> None:
        """Save the state, then stop. Raises Conflict when it is not running or waiting."""
        self._stop(run, "save")

    def cancel(self, run: RunFolder) -> None:
        """Stop at once; what was saved stays. Raises Conflict when it is not running or waiting."""
        self._stop(run, "kill")

    def prove(self, run: RunFolder) -> None:
        """Kill the worker on purpose some steps after a saved state and resume it. Raises Conflict."""
        with self._lock:
            driver = self._driver_of(run.id)
            if driver is None:
                raise _not_running(run)
            if driver.is_proof:
                raise Conflict(
                    "already-proving",
                    f"The worker of run {run.id} is going to be killed already.",
                    "Wait for the next saved state.",
                    run.id,
                )
            driver.prove(lambda: self._renew(run.id))
        self._renew(run.id)

    def rename(self, run: RunFolder, name: str) -> None:
        """Another name for a run; its model keeps its own. Raises InvalidSpec, Conflict while it is driven elsewhere."""
        check_name(name)
        with self._lock:
            if self._driver_of(run.id) is not None or not is_held(run.lock_file):
                run.record(RunRenamed(name=name))
                self.hub.touch(run.id)
                return
        raise busy(run)

    def delete(self, run: RunFolder) -> None:
        """Remove a run and the stage runs that it alone uses; items keep what they point to. Raises Conflict."""
        project = run.spec().project
        with self._lock:
            if run.id in self._places or is_held(run.lock_file):
                raise Conflict(
                    "run-busy",
                    f"Run {run.id} is running or waiting.",
                    "Cancel it first, then delete it.",
                    run.id,
                )
            for child in self._own_children(run):
                self.workshop.store.runs.delete(child)
            self.workshop.store.runs.delete(run)
            with self.database.transaction() as session:
                forget_run(session, run.id)
        self.hub.forget(run.id, project)

    def is_queued(self, run: str) -> bool:
        """Whether a run waits or is driven here."""
        return run in self._places

    def machine(self) -> MachineSpec:
        """What is known of this machine; measured once."""
        return self.workshop.machine() or self.workshop.measure_machine()

    # --- the queue -----------------------------------------------------------------------------------------------

    def _enqueue(self, run: RunFolder, is_resumed: bool) -> bool:
        with self._lock:
            if is_held(run.lock_file) and run.id not in self._places:
                raise busy(run)
            with self.database.transaction() as session:
                if not queue.enqueue(session, run.id, run.spec().project):
                    return False
            if is_resumed and run.state().status != "queued":
                run.record(RunQueued())
        self._renew(run.id)
        self._wake.set()
        return True

    def _is_stopping(self, run: str) -> bool:
        with self._lock:
            driver = self._driver_of(run)
            return run in self._wishes or (driver is not None and driver.is_stopping)

    def _stop(self, run: RunFolder, how: Literal["save", "kill"]) -> None:
        with self._lock:
            driver = self._driver_of(run.id)
            if driver is not None:
                driver.stop(how)
                return
            if run.id in self._places and run.state().status in ("running", "stopping"):
                self._wishes[run.id] = how
                return
            if run.id in self._places:
                self._leave_queue(run.id)
                run.record(RunStopped())
                return
        if not is_held(run.lock_file):
            raise _not_running(run)
        raise Conflict(
            "run-busy",
            f"Run {run.id} is driven by a command in a terminal.",
            "Press Ctrl-C there; it saves and stops.",
            run.id,
        )

    def _schedule(self) -> None:
        while not self._is_closed:
            self._wake.wait(IDLE_S)
            self._wake.clear()
            try:
                self._start_next()
            except GlassworksError as error:
                log.warning("the next run could not be started: %s", error.message)

    def _start_next(self) -> None:
        """In each lane that is free, the first that waits for it."""
        with self._lock:
            if self._is_closed or not self._places:
                return
            with self.database.transaction() as session:
                waiting = queue.waiting(session)
            for run_id in waiting:
                try:
                    lane = self._lane(run_id)
                except NotFound:
                    self._leave_queue(run_id)
                    continue
                if lane not in self._drivers:
                    self._drive(run_id, lane)

    def _drive(self, run_id: str, lane: Lane) -> None:
        run = self.workshop.store.runs.get(run_id)
        with self.database.transaction() as session:
            queue.take(session, run_id)
        driver = self._drivers[lane] = Driver(self.workshop, run, self.machine(), self._ended)
        driver.start()
        if (wish := self._wishes.pop(run_id, None)) is not None:
            driver.stop(wish)
        self._renew(run_id)

    def _driver_of(self, run: str) -> Driver | None:
        return next((one for one in self._drivers.values() if one.run.id == run), None)

    def _lane(self, run: str) -> Lane:
        """Raises NotFound for a run whose folder is gone."""
        if run not in self._lanes:
            spec = self.workshop.store.runs.get(run).spec()
            self._lanes[run] = lane_of(spec, self.workshop.catalog.stages)
        return self._lanes[run]

    def _ended(self, run: str) -> None:
        with self._lock:
            self._drivers = {lane: one for lane, one in self._drivers.items() if one.run.id != run}
            self._leave_queue(run)
        self._wake.set()

    def _leave_queue(self, run: str) -> None:
        with self.database.transaction() as session:
            queue.remove(session, run)
        self._lanes.pop(run, None)
        self._renew(run)

    def _renew(self, run: str) -> None:
        self._renew_places()
        self.hub.touch(run)

    def _renew_places(self) -> None:
        """What the hub shows of the queue: for those that wait how many are before them in their lane, None for those that
        are driven."""
        with self._lock:
            with self.database.transaction() as session:
                waiting = queue.waiting(session)
            places = self._positions(waiting)
            for driver in self._drivers.values():
                places[driver.run.id] = Place(position=None, is_proof=driver.is_proof)
            moved = [run for run in places if self._places.get(run) != places[run]]
            self._places.clear()
            self._places.update(places)
        for run in moved:
            self.hub.touch(run)

    def _positions(self, waiting: list[str]) -> dict[str, Place]:
        num_before: Counter[Lane | None] = Counter()
        places = {}
        for run in waiting:
            lane = None
            with contextlib.suppress(GlassworksError):  # it leaves the queue when its turn comes
                lane = self._lane(run)
            places[run] = Place(position=num_before[lane])
            num_before[lane] += 1
        return places

    # --- index and notices ---------------------------------------------------------------------------------------

    def _changed(self, flow: FollowedFlow, view: RunView, events: list[Stamped]) -> None:
        if not self._is_closed:
            self._writer.submit(self._record, flow, view, events)

    def _record(self, flow: FollowedFlow, view: RunView, events: list[Stamped]) -> None:
        try:
            with self.database.transaction() as session:
                index_run(session, flow, view)
                if any(stamped.event.type == "run.done" for stamped in events):
                    index_items(session, self.workshop.store)
                notices = write_notices(session, view, events)
            for notice in notices:
                self.hub.notify_from_thread(notice)
        except Exception as error:  # a named edge: the index can be rebuilt, the stream must go on
            log.error("run %s could not be indexed", view.id, exc_info=error)

    def _own_children(self, run: RunFolder) -> list[RunFolder]:
        """Stage runs that this flow began and no other flow uses."""
        store = self.workshop.store
        others = [f for f in store.runs.all_folders() if f.id != run.id]
        used = {
            decision.run
            for other in others
            if other.spec().kind == "flow"
            for decision in other.state().nodes.values()
        }
        return [f for f in others if f.spec().flow_run == run.id and f.id not in used]

    def _begin_first(self) -> None:
        try:
            self.create(load_recipe(FIRST_RECIPE))
        except GlassworksError as error:
            log.error("the first model could not be begun: %s", error.message)


def _not_running(run: RunFolder) -> Conflict:
    return Conflict(
        "not-running", f"Run {run.id} is not running.", "Resume it, or start a new one.", run.id
    )
