"""Two commands on one run: the second is told no, a watcher sees all of it, and the first is not disturbed."""

import json
import os
import signal
from pathlib import Path

from tests.acceptance.checks import check_told, running_worker, states_of, wait_until
from tests.acceptance.conftest import LONG, long_run
from tests.acceptance.house import LIMIT_S, House


def test_a_run_that_is_driven_can_be_watched_but_not_driven(
    house: House, recipe: Path, long_checkpoint: str
) -> None:
    first = house.start(*long_run(recipe), "--json")
    wait_until(lambda: states_of(house), first)
    run = house.flow_runs()[0].id
    watcher = house.start("watch", run, "--json")
    worker = running_worker(house)
    os.kill(
        worker, signal.SIGSTOP
    )  # or a quick machine would be done before the second command asks
    for second in (long_run(recipe), ["resume", run]):
        check_told(house.run(*second), "is being driven by another command", f"watch {run}")
    os.kill(worker, signal.SIGCONT)
    out, err = first.communicate(timeout=LIMIT_S)
    assert first.returncode == 0, err
    assert json.loads(out)["outputs"]["train.checkpoint"] == long_checkpoint
    assert len(house.state_of("train").attempts) == 1
    seen, _ = watcher.communicate(timeout=LIMIT_S)
    assert watcher.returncode == 0
    facts = [json.loads(line) for line in seen.splitlines()]
    assert facts[-1] == json.loads(out)
    assert {"run", "decision", "evaluation", "sample", "end"} <= {f.get("type") for f in facts}
    last = [fact["step"] for fact in facts if fact.get("type") == "evaluation"][-1]
    assert last == LONG
