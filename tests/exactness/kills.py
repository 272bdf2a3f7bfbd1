"""Killing a run of the recipe `first-model` again and again, and comparing what it says with a run that was let be.

In: a house whose data stages are done, the number of steps, a seed. Out: tallies of the kills, and `Story`: all that a
finished run says that counts, bit for bit. Every kill is KILL (9) and every time the shipped command line goes on.

Four kinds of victim: the worker at a random moment; the worker while it writes a state (`state/.step-N.tmp` lies there
when it is dead); the shim; and the whole of it, command, shim and worker.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from glassworks.engine.executors.local import LocalExecutor
from glassworks.flow.recipe import RECIPES
from tests.acceptance.house import LIMIT_S, House

RECIPE = "first-model"
NUM_THREADS = 2
CHECKPOINT_EVERY = 2
DATA_NODES = ("data", "split", "tokenizer", "tokens")
TIMES = {"data_s", "forward_s", "backward_s", "optimizer_s", "save_s", "measure_s"}
TIMED = {"tokens_per_s", "memory_bytes", "utilization", *TIMES}
"""Figures of a row that tell of the machine at that moment, not of the model."""
Victim = Literal["worker", "save", "shim", "all"]


# --- the two houses ----------------------------------------------------------------------------------------------


def prepare(folder: Path) -> House:
    """A house in which the recipe's data stages are done, made by the recipe's own first nodes.

    The machine is measured as on every first run; where it has more cores than two, two are taken.
    """
    house = House(folder / "prepared")
    document = yaml.safe_load((RECIPES / f"{RECIPE}.yaml").read_text("utf-8"))
    nodes = {name: document["nodes"][name] for name in DATA_NODES}
    data = {"name": "only-data", "title": "Data", "output": "tokens.train", "nodes": nodes}
    recipe = folder / "only-data.yaml"
    recipe.write_text(yaml.safe_dump(data), "utf-8")
    house.must("run", str(recipe))
    machine = house.home / "machine.json"
    fields = json.loads(machine.read_text("utf-8"))
    machine.write_text(json.dumps({**fields, "num_cores": NUM_THREADS}), "utf-8")
    return house


def copy_of(house: House, name: str) -> House:
    """The same house again, elsewhere."""
    target = house.home.with_name(name)
    shutil.copytree(house.home, target)
    return House(target)


def order(steps: int) -> list[str]:
    """The command that both houses run: the shipped recipe, only shorter."""
    settings = [f"train.steps={steps}", f"train.checkpoint_every={CHECKPOINT_EVERY}"]
    return ["run", RECIPE, *(word for setting in settings for word in ("--set", setting)), "--json"]


# --- what counts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """What a finished training says, without times of day and speeds. Floats compare by their bits."""

    rows: list[dict[str, Any]]
    evaluations: list[dict[str, Any]]
    samples: list[dict[str, Any]]
    tracked_prompts: list[dict[str, Any]]
    checkpoints: dict[int, str]
    final: str
    """Artifact id of the last checkpoint: a hash of every byte of its weights."""
    evaluation: str
    is_bit_exact: bool


def story(house: House) -> Story:
    run, judged = house.node("train"), house.node("evaluate")
    assert run is not None and judged is not None
    done, judgement = run.done(), judged.done()
    assert done is not None and judgement is not None
    state = run.state()
    rows = [{k: _bits(v) for k, v in row.items() if k not in TIMED} for row in run.metric_rows()]
    return Story(
        rows=rows,
        evaluations=[_timeless(event.to_json()) for event in state.evaluations],
        samples=[_timeless(event.to_json()) for event in state.samples],
        tracked_prompts=[_timeless(event.to_json()) for event in state.tracked_prompts],
        checkpoints={event.step: event.artifact for event in state.checkpoints},
        final=done.outputs["checkpoint"],
        evaluation=judgement.outputs["evaluation"],
        is_bit_exact=all(attempt.is_bit_exact for attempt in state.attempts),
    )


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(inner) for name, inner in value.items() if name != "time"}
    if isinstance(value, list):
        return [_timeless(inner) for inner in value]
    return _bits(value)


def _bits(value: Any) -> Any:
    return value.hex() if isinstance(value, float) else value


# --- killing -----------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """How often who was killed. `in_save`: the half-written state lay there afterwards."""

    worker: int = 0
    shim: int = 0
    everything: int = 0
    in_save: int = 0
    last_steps: list[int] = field(default_factory=list)
    """The last step that had a row when the kill came, one number a kill; 0: none yet in that attempt."""

    @property
    def total(self) -> int:
        return self.worker + self.shim + self.everything


class Killer:
    """Drives one house through its kills. `step_s`: how long a step takes here, about."""

    def __init__(self, house: House, steps: int, seed: int, step_s: float, tally: Tally) -> None:
        self.house = house
        self.steps = steps
        self.chance = random.Random(seed)
        self.step_s = step_s
        self.tally = tally
        self.executor = LocalExecutor()

    def kill(self, victim: Victim, num_left: int = 1) -> None:
        """Begin or go on with the run, kill at a random moment of it, and see that nothing of it is left.

        `num_left`: kills that are still to come, this one included; they are spread over the whole run.
        """
        number = self._num_attempts() + 1
        num_rows = self._choose_rows(num_left)
        driver = self._start()
        try:
            attempt = self._wait_for_attempt(driver, number)
            self._wait_for_moment(driver, attempt, victim, num_rows)
            self._strike(driver, attempt, victim)
            driver.communicate(timeout=LIMIT_S)
        finally:
            if driver.poll() is None:
                driver.kill()
                driver.communicate()
        assert driver.returncode == (-signal.SIGKILL if victim == "all" else 2)
        assert self.executor.owned(attempt) == []
        self._count(attempt, victim)

    def complete(self) -> None:
        """Let the run come to its end."""
        driver = self._start()
        out, err = driver.communicate(timeout=LIMIT_S)
        assert driver.returncode == 0, out + err

    def _start(self) -> "subprocess.Popen[str]":
        """`run` the first time; later `run` with the same words or `resume`, which have to do the same."""
        flows = [run for run in self.house.flow_runs() if run.spec().name == RECIPE]
        assert len(flows) <= 1, "an unfinished run was begun anew instead of gone on with"
        if flows and self.chance.random() < 0.5:
            return self.house.start("resume", flows[0].id, "--json")
        return self.house.start(*order(self.steps))

    def _num_attempts(self) -> int:
        run = self.house.node("train")
        return max(run.attempt_numbers(), default=0) if run else 0

    def _choose_rows(self, num_left: int) -> int:
        """After how many steps of the attempt the kill comes; the run never comes to its end by that."""
        run = self.house.node("train")
        saved = run.path.glob("attempts/*/state/step-*") if run else ()
        names = [path.name.removeprefix("step-") for path in saved]
        left = self.steps - 4 - max((int(name) for name in names if name.isdigit()), default=0)
        return min(self.chance.randint(0, max(1, 2 * left // num_left)), max(0, left))

    def _wait_for_attempt(self, driver: "subprocess.Popen[str]", number: int) -> Path:
        """The folder of attempt `number` of the training, once its worker has been started."""
        while True:
            run = self.house.node("train")
            if run and (run.attempt(number).path / "heartbeat.json").exists():
                return run.attempt(number).path
            _check_alive(driver)
            time.sleep(0.01)

    def _wait_for_moment(
        self, driver: "subprocess.Popen[str]", attempt: Path, victim: Victim, num_rows: int
    ) -> None:
        """A random moment: during the start, after some steps, or while the next state is being written."""
        while _num_rows(attempt) < num_rows:
            _check_alive(driver)
            time.sleep(0.002)
        while victim == "save" and not _half_states(attempt):
            _check_alive(driver)
        if victim == "save":
            time.sleep(self.chance.uniform(0.0, 0.01))
        else:
            time.sleep(self.chance.uniform(0.0, self.step_s if num_rows else 4 * self.step_s))

    def _strike(self, driver: "subprocess.Popen[str]", attempt: Path, victim: Victim) -> None:
        beat = json.loads((attempt / "heartbeat.json").read_text("utf-8"))
        pids = {
            "worker": [beat["pid"]],
            "save": [beat["pid"]],
            "shim": [beat["shim_pid"]],
            "all": [driver.pid, beat["shim_pid"], beat["pid"]],
        }[victim]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):  # the worker dies with its shim
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + LIMIT_S
        while self.executor.owned(attempt) and time.monotonic() < deadline:
            time.sleep(0.02)

    def _count(self, attempt: Path, victim: Victim) -> None:
        tally = self.tally
        tally.in_save += bool(_half_states(attempt))
        tally.shim += victim == "shim"
        tally.everything += victim == "all"
        tally.worker += victim in ("worker", "save")
        tally.last_steps.append(_last_step(attempt))


def kill_all(
    house: House,
    victims: list[Victim],
    steps: int,
    seed: int,
    step_s: float,
    num_in_save: int,
    tally: Tally,
) -> None:
    """Kill each of `victims`, and further ones in a save until `num_in_save` were; then complete the run.

    `tally` counts along. A kill that is aimed at a save can come too late: a save takes a few hundredths of a second.
    """
    killer = Killer(house, steps, seed, step_s, tally)
    for number, victim in enumerate(victims):
        killer.kill(victim, len(victims) - number)
    for _ in range(2 * num_in_save):
        if tally.in_save < num_in_save:
            killer.kill("save")
    killer.complete()


def seconds_a_step(house: House) -> float:
    """The median of a finished run."""
    run = house.node("train")
    assert run is not None
    rows = run.metric_rows()
    tokens = rows[0]["tokens"]
    return sorted(tokens / row["tokens_per_s"] for row in rows)[len(rows) // 2]


def _check_alive(driver: "subprocess.Popen[str]") -> None:
    if driver.poll() is not None:
        out, err = driver.communicate()
        raise AssertionError(f"the run ended before the kill: {driver.returncode}\n{out}{err}")


def _half_states(attempt: Path) -> list[Path]:
    return list(attempt.glob("state/.step-*.tmp"))


def _num_rows(attempt: Path) -> int:
    try:
        return (attempt / "metrics.jsonl").read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def _last_step(attempt: Path) -> int:
    if not _num_rows(attempt):
        return 0
    lines = (attempt / "metrics.jsonl").read_bytes().split(b"\n")
    return int(json.loads(lines[-2])["step"])
