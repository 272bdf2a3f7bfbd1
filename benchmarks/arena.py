"""The arena: contestants take turns in one run, so that a busy moment of the machine hits all of them.

In: contestants (a program and an environment each) and the settings that they share. Out: each one's rate in tokens/s
and, per round, the ratio of ours to every peer: median, least, greatest. A ratio above 1 means that ours is faster. The
tokens per second of processor time stand beside: they hardly depend on who else uses the machine.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glassworks.engine.pace import PACE

HERE = Path(__file__).parent
OUR_ENVIRONMENT = PACE
"""What our runs have; a peer can have it too, so it is shown with and without."""


@dataclass(frozen=True)
class Contestant:
    """A program in `contestants/`, under a name, with additions to the environment and to the shared settings."""

    name: str
    program: str
    environment: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


class Running:
    """A contestant's process, prepared and waiting."""

    def __init__(self, contestant: Contestant, process: "subprocess.Popen[str]") -> None:
        self.name = contestant.name
        self._process = process
        self.about: dict[str, Any] = self._read()
        self.per_cpu_s: list[float] = []

    def burst(self, units: int) -> float:
        """Tokens per second of one burst."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{units}\n")
        self._process.stdin.flush()
        answer = self._read()
        self.per_cpu_s.append(answer["tokens"] / answer["cpu_s"] if answer["cpu_s"] else 0.0)
        return float(answer["tokens"] / answer["seconds"])

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"The contestant {self.name!r} ended; what it printed stands above.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def hold(
    contestants: list[Contestant],
    ours: str | tuple[str, ...],
    settings: dict[str, Any],
    rounds: int,
    units: int,
) -> dict[str, Any]:
    """Let all take turns for `rounds` rounds; the order turns round after each, so that nobody is always first.

    `ours`: the contestant, or contestants, whose ratio to all others is taken.
    """
    mine = (ours,) if isinstance(ours, str) else ours
    rates: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    with ExitStack() as stack:
        running = [stack.enter_context(_started(c, settings)) for c in contestants]
        for number in range(rounds):
            for one in running if number % 2 == 0 else reversed(running):
                rates[one.name].append(one.burst(units))
            _tell(f"round {number + 1} of {rounds}", rates)
        about = {
            one.name: {"tokens_per_cpu_s": _spread(one.per_cpu_s), **one.about} for one in running
        }
    return {
        "settings": settings,
        "rounds": rounds,
        "contestants": {
            name: {"tokens_per_s": _spread(values), **about[name]} for name, values in rates.items()
        },
        "ratios": {
            f"{one} / {name}": _spread([a / b for a, b in zip(rates[one], values, strict=True)])
            for one in mine
            for name, values in rates.items()
            if name != one
        },
    }


@contextmanager
def _started(contestant: Contestant, settings: dict[str, Any]) -> Iterator[Running]:
    threads = str(settings["threads"])
    plain = {name: value for name, value in os.environ.items() if name not in OUR_ENVIRONMENT}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            f"benchmarks.contestants.{contestant.program}",
            json.dumps({**settings, **contestant.settings}),
        ],
        cwd=HERE.parent,
        env={
            **plain,
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            **contestant.environment,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(contestant, process)
    finally:
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 3),
        "least": round(min(values), 3),
        "greatest": round(max(values), 3),
    }


def _tell(what: str, rates: dict[str, list[float]]) -> None:
    latest = ", ".join(f"{name} {values[-1]:,.0f} tok/s" for name, values in rates.items())
    print(f"{what}: {latest}", file=sys.stderr, flush=True)
