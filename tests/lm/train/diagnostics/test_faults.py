"""Each diagnostic in a real tiny run that has its fault: it speaks in time, once, with numbers, a cause and a change.

And a run that was cut says the same as one that was not.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from glassworks.lm.train import watch
from glassworks.lm.train.diagnostics import DIAGNOSTICS
from glassworks.lm.train.watch import WATCH_FILE, code_of
from glassworks.stages.train_model import TrainModel
from tests.lm.train.diagnostics.faults import FAULTS, adamw, cadence
from tests.lm.train.diagnostics.runs import SMALL, findings, prepare, train


def test_every_diagnostic_has_a_faulty_run() -> None:
    assert set(FAULTS) == set(DIAGNOSTICS.names())


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_it_speaks_in_time(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault, rule = FAULTS[name], DIAGNOSTICS.load(name)
    if (
        name == "memory_near_limit"
    ):  # this process is not to fill the machine: the machine becomes small
        monkeypatch.setattr(watch, "memory_limit", lambda device: 10_000_000)
    context, error = train(tmp_path, fault.text, fault.architecture, fault.settings)
    assert (error is not None) == (name == "nan")
    found = [event for event in findings(context) if event.code == code_of(name)]
    assert found, [(event.code, event.step) for event in findings(context)]
    first = found[0]
    assert first.step is not None
    promised = fault.shows(context) + rule.within * cadence(name, fault.settings)
    assert 0 < first.step <= promised
    assert len(found) <= watch.MOST_TOLD
    assert first.level == rule.level
    assert first.message
    assert first.cause
    assert first.evidence
    assert first.remedy is not None
    assert set(first.remedy.settings) == set(fault.remedy)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_the_change_can_be_made(name: str, tmp_path: Path) -> None:
    """The remedy's fields are settings of the stage, and the run that has them is another one."""
    fault = FAULTS[name]
    config = prepare(tmp_path, fault.text, fault.architecture, fault.settings).config
    document = config.model_dump(mode="json")
    for path in fault.remedy:
        *above, last = path.split(".")
        target: dict[str, Any] = document
        for field in above:
            target = target[field]
        assert last in target


def test_the_place_where_a_number_broke_is_named(tmp_path: Path) -> None:
    fault = FAULTS["nan"]
    context, error = train(tmp_path, fault.text, fault.architecture, fault.settings)
    last = findings(context)[-1]
    assert error is not None
    assert last.code == "nan"
    assert last.step == len(context.rows) + 1
    assert error.where == f"step {last.step}"
    assert str(last.evidence["place"]) in last.message


@pytest.mark.parametrize("cut", [6, 30, 38])
def test_a_run_that_was_cut_says_the_same(tmp_path: Path, cut: int) -> None:
    """Cut before a jump, between a jump and the word about it, and after it."""
    fault = FAULTS["spike"]
    settings = {**fault.settings, "steps": 60, "layers_every": 10}
    whole, _ = train(tmp_path / "whole", fault.text, fault.architecture, settings)
    first = prepare(tmp_path / "first", fault.text, fault.architecture, settings)
    first.stop_after = cut - 1
    with pytest.raises(Exception, match=""):
        TrainModel().run(first)
    state = first.state_dir / f"step-{cut}"
    assert json.loads((state / WATCH_FILE).read_text())
    second = prepare(tmp_path / "second", fault.text, fault.architecture, settings)
    second.resume_from = state
    TrainModel().run(second)
    said = [event.model_dump(exclude={"time"}) for event in findings(whole)]
    assert said
    cut_said = [*findings(first), *findings(second)]
    assert [event.model_dump(exclude={"time"}) for event in cut_said] == said


def test_the_memory_is_what_makes_it_so(tmp_path: Path) -> None:
    """The test above can fail: without what was remembered, the run says something else."""
    settings = {"steps": 40, "optimizer": adamw(learning_rate=1.0)}
    whole, _ = train(tmp_path / "whole", "stories", SMALL, settings)
    first = prepare(tmp_path / "first", "stories", SMALL, settings)
    first.stop_after = 19
    with pytest.raises(Exception, match=""):
        TrainModel().run(first)
    state = first.state_dir / "step-20"
    (state / WATCH_FILE).unlink()
    second = prepare(tmp_path / "second", "stories", SMALL, settings)
    second.resume_from = state
    TrainModel().run(second)
    assert len([*findings(first), *findings(second)]) != len(findings(whole)) or (
        findings(second) and findings(second)[0].step != findings(whole)[0].step
    )
