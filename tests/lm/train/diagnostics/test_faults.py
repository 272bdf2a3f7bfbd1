"""Each diagnostic in a real tiny run that has its fault: it speaks in time, once, with numbers, a cause and a change.

And a run that was cut says the same as one that was not.
"""

from pathlib import Path
from typing import Any

import pytest

from glassworks.lm.train import watch
from glassworks.lm.train.diagnostics import DIAGNOSTICS
from glassworks.lm.train.watch import WATCH_FILE, code_of
from glassworks.specs.events import FindingRaised
from glassworks.specs.stage import Stopped
from glassworks.stages.train_model import TrainModel
from tests.lm.train.diagnostics.faults import FAULTS, Fault, cadence
from tests.lm.train.diagnostics.runs import findings, prepare, train


def test_every_diagnostic_has_a_faulty_run() -> None:
    assert set(FAULTS) == set(DIAGNOSTICS.names())


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_it_speaks_in_time(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault, rule = FAULTS[name], DIAGNOSTICS.load(name)
    if name == "memory_near_limit":  # the machine becomes small: this process is not to fill it
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


def test_a_run_that_was_cut_says_the_same(tmp_path: Path) -> None:
    """Cut before a jump, between a jump and the word about it, and after it."""
    fault = FAULTS["spike"]
    settings = {**fault.settings, "steps": 60, "layers_every": 10}
    whole, _ = train(tmp_path / "whole", fault.text, fault.architecture, settings)
    said = findings(whole)
    spike = next(event for event in said if event.code == "spike")
    jumped = int(spike.evidence["spike_step"])
    assert jumped + 2 < int(spike.step or 0) < 58
    for cut in (6, jumped + 2, int(spike.step or 0) + 1):
        parts = cut_run(tmp_path / str(cut), fault, settings, cut)
        assert [as_said(event) for event in parts] == [as_said(event) for event in said]


def cut_run(
    out: Path, fault: Fault, settings: dict[str, Any], cut: int, is_forgetful: bool = False
) -> list[FindingRaised]:
    """What a run says that is stopped after step `cut` and goes on from the state that it saved."""
    first = prepare(out / "first", fault.text, fault.architecture, settings)
    first.stop_after = cut - 1
    with pytest.raises(Stopped):
        TrainModel().run(first)
    state = first.state_dir / f"step-{cut}"
    if is_forgetful:
        (state / WATCH_FILE).unlink()
    second = prepare(out / "second", fault.text, fault.architecture, settings)
    second.resume_from = state
    TrainModel().run(second)
    return [*findings(first), *findings(second)]


def as_said(event: FindingRaised) -> dict[str, Any]:
    return event.model_dump(exclude={"time"})


def test_what_is_remembered_is_what_makes_it_so(tmp_path: Path) -> None:
    """The test above can fail: a run that forgets takes the loss of step 21 for its first, and says nothing new."""
    fault = FAULTS["learning_rate_low"]
    whole, _ = train(tmp_path / "whole", fault.text, fault.architecture, fault.settings)
    assert [event.code for event in findings(whole)] == ["learning-rate-low"]
    assert cut_run(tmp_path / "cut", fault, fault.settings, cut=20, is_forgetful=True) == []
