"""Real processes for tests: start one that runs a piece of Python, wait for a condition, make a small disk."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

IS_ROOT = os.geteuid() == 0


def start_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process that runs `code` with `arguments` in `sys.argv[1:]`; its output can be read."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_python(code: str, *arguments: object) -> str:
    """What `code` prints; fails with its traceback when it raises."""
    process = start_python(code, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip()


def until(is_so: Callable[[], Any], limit_s: float = 60.0) -> None:
    """Wait until `is_so()`; a limit only so that a fault does not hang the suite."""
    deadline = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of `size` mounted at `folder`. Only root can; in a container that forbids it the test fails, not skips."""
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


KILLS = """
import os, random, signal, time
moments = random.Random(0)
for kill in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0:
        work(kill)
    time.sleep(moments.uniform(0.005, 0.08))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    check()
"""


def kill_again_and_again(code: str, times: int, *arguments: object) -> None:
    """Run `work(number)` of `code` in a process that is killed after a moment, then `check()`, `times` over.

    The arguments are in `sys.argv[2:]`. What `check` raises fails the test.
    """
    run_python(textwrap.dedent(code) + KILLS, times, *arguments)


KILL_AT_EVERY_CALL = """
import os, signal
CHANGES = {"open", "write", "flush", "close", "fsync", "link", "rename", "replace", "mkdir", "rmdir", "unlink", "chmod"}
num_calls = 0
while True:
    num_calls += 1
    prepare()
    pid = os.fork()
    if pid == 0:
        left = [num_calls]

        def count(frame, event, argument):
            left[0] -= event == "c_call" and argument.__name__ in CHANGES
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        work()
        sys.setprofile(None)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    check()
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, status
        break
    assert os.WTERMSIG(status) == signal.SIGKILL, status
print(num_calls)
"""


def kill_at_every_call(code: str, *arguments: object) -> None:
    """Kill a process that runs `work()` of `code` before its first call that can change the disk, then before its
    second, and so on until it gets through; `prepare()` goes before and `check()` after each.

    The arguments are in `sys.argv[1:]`.
    """
    num_calls = int(run_python(textwrap.dedent(code) + KILL_AT_EVERY_CALL, *arguments))
    assert num_calls > 5, "it was killed too seldom to say anything"
