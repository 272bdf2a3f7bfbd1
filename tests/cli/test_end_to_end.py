"""The real thing: a tiny recipe through the shipped command line, in processes of their own."""

import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from glassworks.cli.display.sample import printable
from tests.cli.terminal import Terminal

LIMIT_S = 120.0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Terminal, dict[str, Any]]:
    """A home in which the tiny recipe was built once, and what `run --json` said."""
    terminal = Terminal(tmp_path_factory.mktemp("terminal"))
    done = terminal.run("run", str(terminal.recipe), "--json")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "train: done" in done.stderr
    return terminal, json.loads(done.stdout)


Built = tuple[Terminal, dict[str, Any]]


def test_run_gives_one_object(built: Built) -> None:
    _, result = built
    assert result.keys() == {"run", "state", "outputs"}
    assert result["state"] == "done"
    assert {"train.checkpoint", "evaluate.evaluation"} <= result["outputs"].keys()


def test_a_second_run_reuses_everything_and_says_from_where(built: Built) -> None:
    terminal, _ = built
    done = terminal.run("run", str(terminal.recipe))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": reused from run r") == 6
    assert "every stage was reused" in done.stdout
    assert re.search(r"nats/token +bits/byte", done.stdout)
    assert "\x1b" not in done.stdout
    quiet = terminal.run("run", str(terminal.recipe), "--quiet")
    assert quiet.stdout.split()[1:] == ["done", "tiny@1"]


def test_a_changed_field_runs_what_depends_on_it_and_says_why(built: Built) -> None:
    terminal, _ = built
    done = terminal.run("run", str(terminal.recipe), "--set", "train.steps=7", "--name", "other")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": reused from run r") == 4
    assert "train runs because config steps: 6 → 7" in done.stdout
    assert "evaluate runs because" in done.stdout
    assert "its input checkpoint changed" in done.stdout


def test_what_a_step_read(built: Built) -> None:
    """The mean under the weights of the step before is the loss that the run recorded."""
    terminal, _ = built
    done = terminal.run("read", "tiny:3", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["step"], found["weights"]["step"], found["num_rows"]) == (3, 2, 2)
    assert found["mean_nats"] == pytest.approx(found["recorded_loss"], rel=1e-4)
    shown = terminal.run("read", "tiny:4", "--rows", "1").stdout
    assert "weights of step 2" in shown
    assert "Most surprising tokens" in shown
    assert "Row 0, the train part of tiny" in shown
    assert "1 more rows: --row 1" in shown
    refused = terminal.run("read", "tiny:99")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 2)
    assert "has the steps 1 to 6" in refused.stderr


def test_what_of_a_text_is_copied(built: Built, tmp_path: Path) -> None:
    """Indexed on the first look, found in the store on the second."""
    terminal, _ = built
    file = tmp_path / "answer.txt"
    file.write_text("Once a king said 12 words to the queen, and left.")
    done = terminal.run("copied", "tiny", "--file", str(file), "--min", "15")
    assert done.returncode == 0, done.stderr
    assert "index: done" in done.stderr
    assert "[[ king said 12 words to the queen, and ]]left." in done.stdout
    assert "held-out text of this length" in done.stdout
    again = terminal.run("copied", "tiny", "Nobody was there.", "--json")
    assert (again.returncode, again.stderr) == (0, "")
    found = json.loads(again.stdout)
    assert (found["spans"], found["num_copied"], found["share"]) == ([], 0, 0)
    both = terminal.run("copied", "tiny", "a text", "--file", str(file))
    assert both.returncode == 2


def test_generate_writes_the_same_text_from_the_same_seed(built: Built) -> None:
    terminal, _ = built
    asked = ("The king", "--max-tokens", "5", "--seed", "3")
    spoken = terminal.run("generate", "tiny@1", *asked, "--json")
    objects = [json.loads(line) for line in spoken.stdout.splitlines()]
    assert objects[-1]["text"] == "".join(o["piece"] for o in objects[:-1])
    plain = terminal.run("generate", "tiny", *asked, "--num", "2", "--raw")
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.startswith("The king" + printable(objects[-1]["text"]))
    assert plain.stdout.count("The king") == 2
    wrong = terminal.run("generate", "tiny", "The king", "--top-p", "7")
    assert wrong.returncode == 2 and wrong.stdout == ""
    assert len(wrong.stderr.splitlines()) == 2


def test_show_ls_estimate_and_watch(built: Built) -> None:
    terminal, result = built
    shown = json.loads(terminal.run("show", result["run"], "--json").stdout)
    assert (shown["type"], shown["status"]) == ("run", "done")
    told = terminal.run("show", result["run"]).stdout
    assert "train: time" in told
    assert "predicted" not in told
    assert "train_model" in terminal.run("show", "train_model").stdout
    items = json.loads(terminal.run("ls", "items", "--json").stdout)["items"]
    assert ("model", "tiny") in [(item["kind"], item["name"]) for item in items]
    estimate = terminal.run("estimate", str(terminal.recipe), "--json")
    assert json.loads(estimate.stdout)["nodes"]["train"]["parameters"] > 0
    assert "parameters" in terminal.run("estimate", str(terminal.recipe)).stdout
    watched = terminal.run("watch", result["run"], "--json")
    assert watched.returncode == 0
    facts = [json.loads(line) for line in watched.stdout.splitlines()]
    assert facts[-1] == result
    assert {"run", "decision", "evaluation", "sample", "end"} <= {f.get("type") for f in facts}


def test_export_writes_a_folder_that_transformers_reads(built: Built, tmp_path: Path) -> None:
    terminal, _ = built
    target = tmp_path / "out"
    done = terminal.run("export", "tiny", "--output", str(target), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    config = json.loads((target / "config.json").read_text())
    assert config["architectures"] == [told["class"]]
    assert not (target / "manifest.json").exists()
    again = terminal.run("export", "tiny", "--output", str(target))
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_ctrl_c_saves_and_the_named_command_goes_on(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    process = terminal.start(
        "run", str(terminal.recipe), "--set", "train.steps=100000", "--set", "train.sample_every=0"
    )
    run = wait_for_training(terminal)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130, err
    assert "Saving, then stopping." in out
    assert f"glassworks resume {run}" in out
    states = list(terminal.home.glob("store/runs/*/attempts/1/state/step-*"))
    assert states
    again = terminal.start("resume", run)
    wait_for_training(terminal, attempt=2)
    watching = terminal.start("watch", run)
    assert watching.stdout is not None
    assert watching.stdout.readline().startswith(f"run {run}: ")
    watching.send_signal(signal.SIGINT)
    _, left = watching.communicate(timeout=LIMIT_S)
    assert watching.returncode == 130 and "goes on without being watched" in left
    assert again.poll() is None, "leaving must not stop the run"
    again.send_signal(signal.SIGINT)
    time.sleep(0.1)
    again.send_signal(signal.SIGINT)
    out, err = again.communicate(timeout=LIMIT_S)
    assert again.returncode == 130, err
    assert "goes on with run" in out


def test_a_failed_run_is_two_lines_and_exit_2(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    done = terminal.run("run", str(terminal.recipe), "--set", "data.source.cut=none", "--json")
    assert done.returncode == 2
    fields = json.loads(done.stdout)
    assert (fields["state"], fields["code"]) == ("failed", "empty-split")
    done = terminal.run("run", str(terminal.recipe), "--set", "train.wings=2")
    assert done.returncode == 2
    assert [line[:2] for line in done.stderr.splitlines()] == ["× ", "  "]


def wait_for_training(terminal: Terminal, attempt: int = 1) -> str:
    """Wait until the training has written rows; returns the flow run's id."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        found = list(terminal.home.glob(f"store/runs/*/attempts/{attempt}/metrics.jsonl"))
        if any(file.stat().st_size > 500 for file in found):
            break
        time.sleep(0.1)
    runs = json.loads(terminal.run("ls", "--json").stdout)["runs"]
    return str(runs[0]["id"])
