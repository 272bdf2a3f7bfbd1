"""Driving by a server: while one holds this home, a command hands its run over and follows it from the folder as ever.

In: a run that was planned here, so that paths mean what they mean to the person who typed them. Out: how it ended. The wish to
stop is passed on: once is pause, twice is cancel.
"""

import contextlib
import time

from glassworks.common.errors import Conflict, Unavailable
from glassworks.engine.attempt import Stopper
from glassworks.engine.server_link import ServerLink, find_server
from glassworks.engine.workshop import Workshop
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder

POLL_S = 0.2
ENDED = ("done", "stopped", "failed")


def drive_by_server(
    workshop: Workshop, link: ServerLink, run: RunFolder, stopper: Stopper
) -> RunState:
    """Let the server drive `run`; returns when it is done, stopped or failed. Raises what the server says, Unavailable."""
    _hand_over(link, run)
    asked: str | None = None
    while (state := run.state()).status not in ENDED:
        if stopper.how is not None and stopper.how != asked:
            asked = stopper.how
            with contextlib.suppress(Conflict):  # it has ended meanwhile, which is what was wanted
                link.call("POST", f"/api/runs/{run.id}/{'pause' if asked == 'save' else 'cancel'}")
        if find_server(workshop.settings) is None:
            raise Unavailable(
                "server-ended",
                f"The server that drives run {run.id} has ended.",
                "What runs goes on; `glassworks up` or `glassworks resume` takes it over.",
                run.id,
            )
        time.sleep(POLL_S)
    return state


def _hand_over(link: ServerLink, run: RunFolder) -> None:
    """Order it of the server; what it drives already is only followed, what it is just stopping waits for that."""
    while True:
        try:
            link.call("POST", f"/api/runs/{run.id}/resume")
            return
        except Conflict as error:
            if error.code == "already-queued":
                return
            if error.code != "run-stopping":
                raise
        time.sleep(POLL_S)
