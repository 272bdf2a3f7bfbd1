"""One line a fact, each fact once."""

import io
from pathlib import Path

from rich.console import Console

from glassworks.cli.display.facts import FactStream
from glassworks.cli.display.live import LineDisplay
from glassworks.engine.follow import FlowFollower
from glassworks.specs.events import FindingRaised, RunProgress, StateSetAside
from tests.cli.synthetic import STEPS, SyntheticRun, done_run, training_run


def test_each_fact_is_told_once(tmp_path: Path) -> None:
    run = training_run(tmp_path)
    follower = FlowFollower(run.store, run.flow)
    stream = FactStream(follower)
    follower.poll()
    first = [fact.text for fact in stream.news()]
    reused = follower.nodes["data"].decision
    assert reused is not None
    assert first[0].endswith("A first model, from the plays of Shakespeare")
    assert f"data: reused from run {reused.run} (38 documents, 5.31 MB)" in first
    assert "tokenizer: done in 20 s (vocabulary of 2,048)" in first
    assert "train runs because config steps: 1200 → 1300" in first
    assert "train: step 320, validation loss 5.100, bits per byte 2.400" in first
    assert any(text.startswith("train: sample at step 320: KING HENRY.¶My") for text in first)
    assert list(stream.news()) == []


def test_what_happened_to_the_run_is_told(tmp_path: Path) -> None:
    run = training_run(tmp_path)
    train = run.store.runs.get(run.flow.state().nodes["train"].run)
    train.record(StateSetAside(attempt=1, step=600, reason="its manifest is missing"))
    train.attempt(1).events.append(
        FindingRaised(level="warn", code="spike", message="The loss jumped.").to_json()
    )
    follower = FlowFollower(run.store, run.flow)
    follower.poll()
    texts = [fact.text for fact in FactStream(follower).news()]
    assert "train: the state saved at step 600 is set aside: its manifest is missing" in texts
    assert "train: warn: The loss jumped." in texts


def test_training_is_told_now_and_then(tmp_path: Path) -> None:
    run = training_run(tmp_path)
    train = run.store.runs.get(run.flow.state().nodes["train"].run)
    follower = FlowFollower(run.store, run.flow)
    follower.poll()
    for every_s, is_told in ((0.0, True), (1000.0, False)):
        stream = FactStream(follower, every_s)
        list(stream.news())
        step = 700 if every_s else 660
        train.attempt(1).events.append(
            RunProgress(done=step, total=STEPS, unit="steps", phase="training").to_json()
        )
        train.attempt(1).metrics.append({"step": step, "loss": 4.0, "tokens_per_s": 30_000.0})
        follower.poll()
        news = list(stream.news())
        assert [fact.type for fact in news] == (["figures"] if is_told else [])
        if is_told:
            assert "660 of 1,300 steps, loss 4.1" in news[0].text
            assert news[0].to_json()["row"]["step"] == 660


def test_a_pipe_gets_plain_lines(tmp_path: Path) -> None:
    run: SyntheticRun = done_run(tmp_path)
    written = io.StringIO()
    display = LineDisplay(Console(file=written, width=60))
    follower = FlowFollower(run.store, run.flow)
    follower.poll()
    display.show(follower)
    display.close(follower)
    lines = written.getvalue().splitlines()
    assert "\x1b" not in written.getvalue()
    assert len(lines) == len(set(lines))
    assert any(line.startswith("evaluate: done") for line in lines)
