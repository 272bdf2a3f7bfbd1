"""The helper and its client, with the real process."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from glassworks.common.errors import InvalidSpec, NotFound, Unavailable
from glassworks.engine.tools_client import ToolsClient
from tests.worker.plugins import install_plugin


@pytest.fixture
def tools() -> Iterator[ToolsClient]:
    with ToolsClient() as client:
        yield client


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed distribution that brings helper ops of its own."""
    names = ("Pid", "Nap", "Crash", "Noise", "Fault", "Far")
    entries = {name.lower(): name for name in names}
    install_plugin(monkeypatch, tmp_path / "plugin", "glassworks.worker.ops", entries, OPS_SOURCE)


OPS_SOURCE = """
import os, time
from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

class _Plain(Op):
    class Args(Spec):
        pass

class Pid(_Plain):
    def run(self, args):
        return {"pid": os.getpid()}

class Nap(_Plain):
    def run(self, args):
        time.sleep(600)

class Crash(_Plain):
    def run(self, args):
        os.write(2, b"out of ideas\\n")
        os._exit(3)

class Noise(_Plain):
    def run(self, args):
        print('{"id": 1, "ok": true, "result": {"from": "noise"}}', flush=True)
        os.write(1, b"not for the protocol\\n")
        return {"from": "op"}

class Far(_Plain):
    def run(self, args):
        for done in range(1, 1001):
            self.progress(done, 1000, "steps", "walking")
        self.progress(1, 1, "steps", "arriving")
        return {"from": "far"}

class Fault(_Plain):
    def run(self, args):
        return {"value": {1, 2}.pop() / 0}
"""


@pytest.mark.usefixtures("plugin")
def test_one_process_answers_many_calls_and_ends_with_its_client() -> None:
    with ToolsClient() as tools:
        first = tools.call("pid", {})["pid"]
        assert tools.call("pid", {})["pid"] == first
    assert not psutil.pid_exists(first)


@pytest.mark.usefixtures("plugin")
def test_a_long_answer_tells_how_far_it_is(tools: ToolsClient) -> None:
    told: list[dict[str, object]] = []
    assert tools.call("far", {}, on_progress=told.append) == {"from": "far"}
    assert told[0] == {"done": 1, "total": 1000, "unit": "steps", "phase": "walking"}
    assert [one["phase"] for one in told[-2:]] == ["walking", "arriving"]
    assert told[-2]["done"] == 1000
    assert len(told) < 100, "a few a second are enough"
    assert tools.call("far", {}) == {"from": "far"}, (
        "nobody asked, and the next answer is the answer"
    )
    assert tools.call("pid", {}).keys() == {"pid"}


@pytest.mark.usefixtures("plugin")
def test_a_crash_is_told_and_the_next_call_works(tools: ToolsClient) -> None:
    with pytest.raises(Unavailable, match="out of ideas") as caught:
        tools.call("crash", {})
    assert caught.value.code == "helper-crashed"
    pid = tools.call("pid", {})["pid"]
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(pid)], timeout=1)
    assert tools.call("pid", {})["pid"] != pid


@pytest.mark.usefixtures("plugin")
def test_a_call_that_takes_too_long_is_ended(tools: ToolsClient) -> None:
    pid = tools.call("pid", {})["pid"]
    with pytest.raises(Unavailable) as caught:
        tools.call("nap", {}, timeout_s=0.3)
    assert caught.value.code == "helper-timeout"
    assert not psutil.pid_exists(pid)
    assert tools.call("pid", {})["pid"] != pid


@pytest.mark.usefixtures("plugin")
def test_what_an_op_prints_never_reaches_the_protocol(tools: ToolsClient) -> None:
    assert tools.call("noise", {}) == {"from": "op"}


@pytest.mark.usefixtures("plugin")
def test_a_fault_inside_an_op_is_an_error_not_an_end(tools: ToolsClient) -> None:
    pid = tools.call("pid", {})["pid"]
    with pytest.raises(Unavailable, match="ZeroDivisionError") as caught:
        tools.call("fault", {})
    assert caught.value.code == "helper-failed"
    assert tools.call("pid", {})["pid"] == pid


@pytest.mark.usefixtures("plugin")
def test_the_helper_ends_when_its_client_is_gone() -> None:
    tools = ToolsClient()
    pid = tools.call("pid", {})["pid"]
    process = tools._process
    assert process is not None and process.stdin is not None
    process.stdin.close()  # what the system does when the client dies
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.poll() == 0
    assert not psutil.pid_exists(pid)
    tools.close()


def test_errors_come_back_as_what_they_were(tools: ToolsClient) -> None:
    with pytest.raises(NotFound) as missing:
        tools.call("no_such_op", {})
    assert missing.value.code == "unknown-component"
    with pytest.raises(InvalidSpec) as wrong:
        tools.call("tokenizer_decode", {"ids": "many"})
    assert wrong.value.code == "invalid-config"
