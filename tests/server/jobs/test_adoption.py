"""A server that is killed: what runs goes on, the next one adopts it, and a viewer who comes back has missed nothing."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from websockets.sync.client import ClientConnection, connect

from tests.processes import until
from tests.server.house import House
from tests.server.jobs.counting import look, order, rows, until_step
from tests.server.live.viewing import Seen


@contextmanager
def viewing(house: House, run: str, seen: Seen) -> Iterator[ClientConnection]:
    """A live connection that follows a run from the cursors that were seen."""
    address = house.address.replace("http", "ws") + "/api/live"
    bearer = {"Authorization": f"Bearer {house.token}"}
    with connect(address, additional_headers=bearer) as socket:
        wish = {"type": "subscribe", "topic": f"run:{run}"}
        socket.send(json.dumps({**wish, "cursor": seen.cursor, "metrics": seen.metrics}))
        yield socket


def watch(socket: ClientConnection, seen: Seen, until_rows: int) -> None:
    while len(seen.rows) < until_rows:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=30))
        if frame["type"] == "ping":
            socket.send('{"type":"pong"}')
        seen.take(frame)


def test_three_kills_of_the_server_cost_nothing(own_house: House, gate: Path) -> None:
    own_house.start()
    seen = Seen()
    run = order(own_house, gate, hold_at=12, steps=20)
    until_step(own_house, run, 12)
    node = look(own_house, run)["nodes"][0]["run"]
    with viewing(own_house, node, seen) as socket:
        watch(socket, seen, 12)
    for _ in range(3):
        own_house.stop(signal.SIGKILL)
        own_house.start()
        until(lambda: look(own_house, run)["run"]["status"] == "running")
        with viewing(own_house, node, seen) as socket:
            watch(socket, seen, 12)
    gate.touch()
    with viewing(own_house, node, seen) as socket:
        watch(socket, seen, 20)
    until(lambda: look(own_house, run)["run"]["status"] == "done")
    assert rows(own_house, run) == list(range(1, 21)) == sorted(seen.rows)
    assert (seen.doubles, seen.snapshots) == (0, 1)
    state = look(own_house, run)["nodes"][0]["state"]
    assert [attempt["outcome"] for attempt in state["attempts"]] == ["done"]
    own_house.stop()
    assert processes_of(own_house.home) == []


def test_what_runs_outlives_a_server_that_is_ended(own_house: House, gate: Path) -> None:
    own_house.start()
    run = order(own_house, gate)
    until_step(own_house, run, 12)
    assert own_house.stop(signal.SIGTERM) == 0
    assert processes_of(own_house.home)
    gate.touch()
    until(lambda: processes_of(own_house.home) == [])
    own_house.start()
    until(lambda: look(own_house, run)["run"]["status"] == "done")
    assert look(own_house, run)["run"]["nodes"][0]["status"] == "done"
    own_house.stop()


def processes_of(home: Path) -> list[int]:
    """Processes whose command line names this home: shims and workers of its runs."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        is_alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if is_alive and any(str(home) in word for word in words):
            found.append(process.pid)
    return found


def test_a_pause_that_comes_while_a_run_is_being_adopted_reaches_its_worker(
    own_house: House, gate: Path
) -> None:
    own_house.start()
    run = order(own_house, gate)
    until_step(own_house, run, 12)
    own_house.stop(signal.SIGKILL)
    own_house.start()
    assert own_house.api.post(f"/api/runs/{run}/pause").status_code == 202
    until(lambda: look(own_house, run)["run"]["status"] == "stopped")
    until(lambda: processes_of(own_house.home) == [])
    attempts = look(own_house, run)["nodes"][0]["state"]["attempts"]
    assert [attempt["outcome"] for attempt in attempts] == ["stopped"]
    own_house.stop()
