"""`up`, `open`, `down` and `reindex` as the shipped commands, on a home of their own."""

import contextlib
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from glassworks.storage.store import open_store
from tests.cli.terminal import Terminal
from tests.conftest import tiny_document, tiny_text
from tests.engine.stores import make_training
from tests.processes import until

QUIET = ("--port", "0", "--no-browser", "--no-first-run")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A command line; whatever it started is ended."""
    made = Terminal(tmp_path)
    yield made
    made.run("down", "--runs")


@contextlib.contextmanager
def server(terminal: Terminal, *options: str) -> Iterator[tuple["subprocess.Popen[str]", Any]]:
    """A server that says it is ready, and what it said."""
    process = terminal.start("up", "--json", *QUIET, *options)
    assert process.stdout is not None and process.stderr is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


def sign_in(link: str) -> int:
    address, _, key = link.partition("/sign-in#")
    return httpx.post(f"{address}/api/session", json={"key": key}, timeout=30).status_code


def test_up_prints_a_link_that_signs_in_once(terminal: Terminal) -> None:
    with server(terminal) as (process, said):
        assert (said["pid"], said["link"].startswith(said["address"])) == (process.pid, True)
        assert sign_in(said["link"]) == 201
        assert sign_in(said["link"]) == 401


def test_in_words_the_link_stands_alone_on_a_line(terminal: Terminal) -> None:
    process = terminal.start("up", *QUIET)
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(5)]
    assert sign_in(lines[2]) == 201
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


def test_a_second_up_and_open_lead_to_the_running_one(terminal: Terminal) -> None:
    with server(terminal) as (process, said):
        for command in (("up", "--port", "1"), ("open",)):
            shown = terminal.run(*command, "--no-browser")
            assert shown.returncode == 0, shown.stderr
            assert f"{said['address']} (process {process.pid})" in shown.stdout
            link = next(line.strip() for line in shown.stdout.splitlines() if "#" in line)
            assert sign_in(link) == 201
        asked = json.loads(terminal.run("open", "--json").stdout)
        assert (asked["pid"], sign_in(asked["link"])) == (process.pid, 201)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_everything_closed(terminal: Terminal, how: signal.Signals) -> None:
    with server(terminal) as (process, _):
        process.send_signal(how)
        assert process.wait(30) == 0
        assert process.stderr is not None and process.stderr.read() == ""
    assert not (terminal.home / "server.json").exists()


def test_down_ends_it_and_a_second_one_has_nothing_to_do(terminal: Terminal) -> None:
    with server(terminal) as (process, _):
        assert "has ended" in terminal.run("down").stdout
        assert process.wait(30) == 0
    again = terminal.run("down", "--json")
    assert (again.returncode, json.loads(again.stdout)) == (
        0,
        {"was_running": False, "stopped_runs": []},
    )


def test_what_a_killed_server_left_behind_is_in_nobodys_way(terminal: Terminal) -> None:
    with server(terminal) as (process, _):
        process.kill()
        process.wait(30)
    assert (terminal.home / "server.json").exists()
    gone = terminal.run("open")
    assert gone.returncode == 2
    assert gone.stderr.splitlines()[1] == "  `glassworks up` starts one."
    with server(terminal) as (_, said):
        assert sign_in(said["link"]) == 201


def test_a_taken_port_is_told_in_two_lines(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = terminal.run("up", "--port", str(port), "--no-browser")
    assert refused.returncode == 2
    first, second = refused.stderr.splitlines()
    assert first.startswith(f"× Port {port} cannot be used:")
    assert "glassworks up --port" in second


def test_reindex_with_and_without_a_server(terminal: Terminal) -> None:
    make_training(open_store(terminal.home / "store"), "hamlet")
    alone = json.loads(terminal.run("reindex", "--json").stdout)
    assert alone == {"runs": 2, "items": 0, "projects": 1, "unreadable": []}
    with server(terminal):
        shown = terminal.run("reindex")
        assert shown.stdout == "The index holds 2 runs, 0 items, 1 project.\n"


def test_reindex_says_what_it_cannot_read(terminal: Terminal) -> None:
    flow, _ = make_training(open_store(terminal.home / "store"), "hamlet")
    flow.spec_file.write_text("{")
    shown = terminal.run("reindex")
    assert shown.returncode == 2
    assert f"run {flow.id}" in shown.stderr


def test_a_run_outlives_its_server_and_down_with_runs_stops_it_at_a_state(
    terminal: Terminal, tmp_path: Path
) -> None:
    with server(terminal) as (process, said):
        order(terminal, said["address"], endless(tmp_path))
        worker = wait_for_worker(terminal)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert worker.is_running()
    with server(terminal):
        assert worker.is_running()
        ended = terminal.run("down", "--runs", "--json")
        assert ended.returncode == 0, ended.stderr
        assert len(json.loads(ended.stdout)["stopped_runs"]) == 1
    assert not worker.is_running()
    store = open_store(terminal.home / "store")
    assert {run.state().status for run in store.runs.all() if run.spec().kind == "flow"} == {
        "stopped"
    }


def test_a_run_that_is_just_being_stopped_is_resumed_after_that(
    terminal: Terminal, tmp_path: Path
) -> None:
    with server(terminal) as (_, said):
        run = order(terminal, said["address"], endless(tmp_path))
        worker = wait_for_worker(terminal)
        worker.suspend()  # so that stopping takes as long as this test wants
        ask(terminal, said["address"], f"/api/runs/{run}/pause", {})
        resumed = terminal.start("resume", run)
        log = terminal.home / "logs" / "server.jsonl"
        until(lambda: f"/api/runs/{run}/resume" in log.read_text(), limit_s=60)  # and was refused
        assert resumed.poll() is None
        worker.resume()
        until(lambda: any(terminal.home.glob("store/runs/*/attempts/2")), limit_s=60)
        assert not worker.is_running()
        assert resumed.poll() is None
        assert terminal.run("down", "--runs").returncode == 0
        resumed.communicate(timeout=60)


def endless(folder: Path) -> dict[str, Any]:
    """A training that ends only when it is stopped."""
    text = folder / "words.txt"
    text.write_text(tiny_text())
    train = {"steps": 1_000_000, "checkpoint_every": 20, "evaluate_every": 0, "sample_every": 0}
    return tiny_document("endless", text, train)


def order(terminal: Terminal, address: str, document: dict[str, Any]) -> str:
    run: str = ask(terminal, address, "/api/runs", {"document": document})["run"]["id"]
    return run


def ask(terminal: Terminal, address: str, path: str, body: dict[str, Any]) -> Any:
    token = json.loads((terminal.home / "server.json").read_text())["token"]
    answer = httpx.post(
        f"{address}{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def wait_for_worker(terminal: Terminal) -> psutil.Process:
    """The worker of the first attempt that has saved a state."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for state in terminal.home.glob("store/runs/*/attempts/*/state/step-*"):
            heartbeat = json.loads((state.parents[1] / "heartbeat.json").read_text())
            return psutil.Process(heartbeat["pid"])
        time.sleep(0.1)
    raise AssertionError("nothing was trained")
