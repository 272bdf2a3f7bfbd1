"""`worker run` with real processes: outputs, states, resume, stop, and every way to fail."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glassworks.specs.order import EXIT_DISK_FULL, EXIT_DONE, EXIT_FAILED, EXIT_STOPPED
from glassworks.storage.states import damage, steps
from tests.worker.attempts import Attempts, is_gone, lines, until


def events(folder: Path, kind: str) -> list[dict[str, object]]:
    return [event for event in lines(folder / "events.jsonl") if event["type"] == kind]


def test_a_stage_runs_and_its_output_is_published(attempts: Attempts) -> None:
    number = attempts.root / "n"
    number.mkdir()
    (number / "n.txt").write_text("100")
    given = attempts.store.artifacts.publish_folder("dataset", number, {})
    folder, ended = attempts.run(1, inputs={"start": given.id})
    assert ended.returncode == EXIT_DONE
    (published,) = events(folder, "artifact.published")
    artifact = str(published["artifact"])
    assert (attempts.store.artifacts.path(artifact) / "total.txt").read_text() == "115"
    assert attempts.store.artifacts.manifest(artifact).summary == {"total": 115}
    assert [row["step"] for row in lines(folder / "metrics.jsonl")] == [1, 2, 3, 4, 5]
    progress = events(folder, "run.progress")
    assert [progress[0]["done"], progress[-1]["done"]] == [1, 5]
    started = lines(folder / "log.jsonl")[0]
    assert started["threads"] == 1
    assert started["libraries"]["torch"]


def test_states_are_saved_with_their_checkpoints_and_old_ones_go(attempts: Attempts) -> None:
    folder, _ = attempts.run(1, config={"steps": 7})
    saved = events(folder, "checkpoint.saved")
    assert [event["step"] for event in saved] == [2, 4, 6]
    assert all(attempts.store.artifacts.verify(str(event["artifact"])) == [] for event in saved)
    assert steps(folder / "state") == [4, 6]
    assert damage(folder / "state" / "step-6") == ""


def test_progress_is_throttled(attempts: Attempts) -> None:
    folder, _ = attempts.run(1, config={"steps": 2000, "save_every": 10_000})
    assert len(lines(folder / "metrics.jsonl")) == 2000
    assert len(events(folder, "run.progress")) < 100


def test_a_stop_saves_and_a_resume_goes_on(attempts: Attempts) -> None:
    slow = {"steps": 400, "save_every": 1000, "pause_s": 0.02}
    folder = attempts.start(1, config=slow)
    until(lambda: len(lines(folder / "metrics.jsonl")) > 3)
    attempts.executor.stop(folder, "save")
    ended = attempts.wait(folder)
    assert (ended.returncode, ended.reason) == (EXIT_STOPPED, "stopped")
    assert ended.is_stopped
    (step,) = steps(folder / "state")
    assert lines(folder / "metrics.jsonl")[-1]["step"] == step
    (saved,) = events(folder, "checkpoint.saved")

    again, ended = attempts.run(
        2,
        config={**slow, "pause_s": 0.0},
        resume_from=str(folder / "state" / f"step-{step}"),
        resume_step=step,
        resume_artifact=saved["artifact"],
    )
    assert ended.returncode == EXIT_DONE
    first = events(again, "checkpoint.saved")[0]
    assert (first["step"], first["artifact"]) == (step, saved["artifact"])
    rows = lines(again / "metrics.jsonl")
    assert [row["step"] for row in rows] == list(range(step + 1, 401))
    assert rows[-1]["total"] == 400 * 401 // 2


@pytest.mark.parametrize(
    ("trouble", "kind", "code"),
    [
        ("crash", "StageFailed", "stage-crashed"),
        ("known", "BadData", "bad-count"),
        ("memory", "OutOfMemory", "out-of-memory"),
        ("torch-memory", "OutOfMemory", "out-of-memory"),
        ("no-room", "DiskFull", "disk-full"),
        ("hidden-no-room", "DiskFull", "disk-full"),
        ("leave", "StageFailed", "stage-crashed"),
        ("empty", "StageFailed", "empty-output"),
    ],
)
def test_each_way_to_fail_is_told(attempts: Attempts, trouble: str, kind: str, code: str) -> None:
    folder, ended = attempts.run(1, config={"trouble": trouble})
    assert ended.returncode == EXIT_FAILED
    error = json.loads((folder / "error.json").read_text())
    assert (error["type"], error["code"]) == (kind, code)
    assert error["message"] and error["hint"]
    assert "traceback" in lines(folder / "log.jsonl")[-1]
    assert events(folder, "artifact.published") == []


def test_orders_that_cannot_be_are_refused(attempts: Attempts) -> None:
    missing = "0" * 64
    wrong: dict[int, tuple[dict[str, Any], str]] = {
        1: ({"stage": "no_such_stage"}, "unknown-component"),
        2: ({"version": 2}, "stage-version"),
        3: ({"config": {"steps": "many"}}, "invalid-config"),
        4: ({"inputs": {"start": missing}}, "artifact-missing"),
    }
    for number, (fields, code) in wrong.items():
        folder, ended = attempts.run(number, **fields)
        assert ended.returncode == EXIT_FAILED
        assert json.loads((folder / "error.json").read_text())["code"] == code


def test_a_child_that_ignores_term_goes_with_its_run(attempts: Attempts) -> None:
    note = attempts.root / "pid"
    folder, ended = attempts.run(1, config={"trouble": "child", "pid_file": str(note)})
    assert ended.returncode == EXIT_DONE
    assert is_gone(int(note.read_text()))
    until(lambda: attempts.executor.owned(folder) == [])  # the shim goes right after its last word


def test_a_size_limit_on_files_reads_as_a_full_disk(attempts: Attempts) -> None:
    folder = attempts.root / "attempts" / "1"
    folder.mkdir(parents=True)
    order = attempts.order(1, config={"trouble": "flood"})
    (folder / "order.json").write_text(order.model_dump_json())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    argv = [sys.executable, "-P", "-m", "glassworks.worker", "run", str(folder)]
    ended = subprocess.run(argv, preexec_fn=limit, check=False)
    assert ended.returncode == EXIT_FAILED
    assert json.loads((folder / "error.json").read_text())["code"] == "disk-full"
    assert (
        len(lines(folder / "events.jsonl")) > 100
    )  # every line is whole: none is torn by the limit


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="mounts a small disk")
def test_on_a_full_disk_the_exit_code_is_enough(attempts: Attempts) -> None:
    disk = attempts.root / "attempts"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)
    try:
        folder, ended = attempts.run(1, config={"trouble": "flood"})
        assert ended.returncode in (EXIT_DISK_FULL, EXIT_FAILED)
        if ended.returncode == EXIT_FAILED:
            assert json.loads((folder / "error.json").read_text())["code"] == "disk-full"
        assert steps(folder / "state") == [2]
        assert damage(folder / "state" / "step-2") == ""
        assert len(lines(folder / "events.jsonl")) > 100
    finally:
        attempts.executor.reap(disk / "1")
        subprocess.run(["umount", str(disk)], check=True)
