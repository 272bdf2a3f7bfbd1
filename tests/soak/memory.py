"""How much memory the processes of a house's attempts hold at most, each by itself and all together.

In: a house, while commands run in it. Out: the peak of each process by what it did. What is counted: the resident set of one
process as `psutil` tells it (its own memory and the pages of files that it has mapped), once a second; on Linux the
kernel's own high-water mark of the process (`VmHWM`), which misses at most the last second of its life. All together are
the proportional sets (`Pss`): a page that three processes share counts a third for each, so once in all.
"""

import contextlib
import re
import threading
from collections import defaultdict
from pathlib import Path
from types import TracebackType

import psutil

from glassworks.engine.executors.local import LocalExecutor
from glassworks.storage.runs import RunFolder
from tests.acceptance.house import House

LOOK_EVERY_S = 1.0
HIGH_WATER = re.compile(r"VmHWM:\s*(\d+) kB")


class MemoryWatch:
    """A context manager; `peaks` afterwards: `clean/worker` -> bytes, the greatest of all processes of that kind."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look_again_and_again)
        self.peaks: dict[str, int] = defaultdict(int)
        self.processes: dict[str, set[int]] = defaultdict(set)
        self.peak_of_all = 0
        """Of the sum over the processes that lived at one look; a page that several share is counted once."""

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _look_again_and_again(self) -> None:
        while not self._is_over.wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        together = 0
        for run in self._house.store.runs.all():
            for number in run.attempt_numbers():
                attempt = run.attempt(number).path
                if not (attempt / "exit.json").exists():
                    together += self._look_at(run, attempt)
        self.peak_of_all = max(self.peak_of_all, together)

    def _look_at(self, run: RunFolder, attempt: Path) -> int:
        node, together = run.spec().node, 0
        for pid in LocalExecutor().owned(attempt):
            with contextlib.suppress(psutil.Error, OSError):  # it has just ended
                process = psutil.Process(pid)
                what = f"{node.name if node else run.id}/{_role(process.cmdline())}"
                now = process.memory_info().rss
                self.peaks[what] = max(self.peaks[what], now, _high_water(pid))
                self.processes[what].add(pid)
                together += getattr(process.memory_full_info(), "pss", now)
        return together


def _role(command: list[str]) -> str:
    line = " ".join(command)
    if "resource_tracker" in line:
        return "tracker"
    if "spawn_main" in line:
        return "helper"
    return "shim" if "shim.py" in line else "worker"


def _high_water(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    found = HIGH_WATER.search(status.read_text())
    return 1024 * int(found[1]) if found else 0
