"""A supervisor that leaves: what runs goes on, and whoever drives next adopts it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from glassworks.engine.attempt import Stopper, SupervisorLeft
from glassworks.engine.drive import drive, open_flow_run
from glassworks.engine.workshop import Workshop
from glassworks.specs.order import HeartbeatSpec
from glassworks.storage.atomic import read_json
from glassworks.storage.runs import RunFolder
from tests.conftest import MACHINE
from tests.engine.counts import counted, number_of, plan, planned, run_plan, until_rows
from tests.engine.plugin.counting import Count


def pid_of(stage: RunFolder) -> int:
    return HeartbeatSpec.model_validate(read_json(stage.attempt(1).path / "heartbeat.json")).pid


def test_a_driver_that_leaves_records_nothing_and_the_worker_is_adopted(
    workshop: Workshop, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    spec = plan(planned("count", Count.Config(hold_at=12, gate=str(gate))))
    run, _ = open_flow_run(workshop, spec, MACHINE)
    stopper = Stopper()
    with ThreadPoolExecutor(1) as pool:
        driven = pool.submit(drive, workshop, run, MACHINE, stopper)
        stage = until_rows(workshop, 12)
        stopper.leave()
        with pytest.raises(SupervisorLeft):
            driven.result()
    assert psutil.pid_exists(pid_of(stage))
    assert (run.state().status, stage.state().status) == ("running", "running")
    gate.touch()
    again = run_plan(workshop, spec)
    assert number_of(workshop, again) == counted(20)
    assert stage.attempt_numbers() == [1]
