"""A driver: one thread that drives one run through the engine, and what may be asked of it meanwhile."""

import threading
import time
from collections.abc import Callable
from typing import Literal

from glassworks.common.errors import GlassworksError
from glassworks.common.logging import get_logger
from glassworks.engine.attempt import Stopper, SupervisorLeft
from glassworks.engine.drive import drive
from glassworks.engine.workshop import Workshop
from glassworks.server.jobs.proof import kill_after_a_save
from glassworks.specs.events import RunQueued
from glassworks.specs.machine import MachineSpec
from glassworks.storage.locks import is_held
from glassworks.storage.runs import RunFolder

log = get_logger("server.jobs")
POLL_S = 0.05


class Driver:
    """Drives `run` until it is done, stopped or failed; then calls `ended(run id)`, unless it was told to leave."""

    def __init__(
        self,
        workshop: Workshop,
        run: RunFolder,
        machine: MachineSpec,
        ended: Callable[[str], None],
    ) -> None:
        self.run = run
        self.stopper = Stopper()
        self.is_proof = False
        self.is_stopping = False
        self._workshop = workshop
        self._machine = machine
        self._ended = ended
        self._thread = threading.Thread(target=self._main, name=f"drive-{run.id}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        """Let the work run on without a supervisor; returns when the thread has gone."""
        self.stopper.leave()
        self._thread.join()

    def stop(self, how: Literal["save", "kill"]) -> None:
        """Pass the wish on, once what still lives of the run is held: a wish that came first would end the flow beside it."""
        self.is_stopping = True
        threading.Thread(target=self._stop, args=(how,), daemon=True).start()

    def _stop(self, how: Literal["save", "kill"]) -> None:
        while self._thread.is_alive() and not self.stopper.is_left and self._is_adopting():
            time.sleep(POLL_S)
        self.stopper.request(how)

    def _is_adopting(self) -> bool:
        """Whether a stage of the run has an attempt that nobody supervises yet."""
        for decision in self.run.state().nodes.values():
            try:
                child = self._workshop.store.runs.get(decision.run)
            except GlassworksError:
                continue
            attempts = child.state().attempts
            is_open = bool(attempts) and attempts[-1].outcome is None and child.done() is None
            if is_open and not is_held(child.lock_file):
                return True
        return False

    def prove(self, killed: Callable[[], None]) -> None:
        """Kill the worker some steps after its next saved state, and resume it by itself. `killed()` is called then."""
        self.is_proof = True
        threading.Thread(target=self._prove, args=(killed,), daemon=True).start()

    def _prove(self, killed: Callable[[], None]) -> None:
        if not kill_after_a_save(self._workshop.store, self.run, self.stopper):
            self.is_proof = False
        killed()

    def _main(self) -> None:
        try:
            self._drive()
        except SupervisorLeft:
            return
        except GlassworksError as error:
            log.warning("run %s: %s", self.run.id, error.message)
        except Exception as error:  # a named edge: a defect must not end the queue
            log.error("run %s could not be driven", self.run.id, exc_info=error)
        self._ended(self.run.id)

    def _drive(self) -> None:
        state = drive(self._workshop, self.run, self._machine, self.stopper)
        while state.status == "failed" and self.is_proof and self.stopper.how is None:
            self.is_proof = False
            self.run.record(RunQueued())
            state = drive(self._workshop, self.run, self._machine, self.stopper)
