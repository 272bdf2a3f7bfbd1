"""The recorded run in the package is a real, finished run in today's form: small, complete, and nobody's private matter."""

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import pytest

from glassworks.flow.recipe import load_recipe
from glassworks.server.features.runs.schemas import RunDetail
from glassworks.server.features.samples.schemas import SampleRunView
from glassworks.server.features.samples.service import SAMPLE, sample_run
from glassworks.server.live.views import RunView
from glassworks.specs.fold import fold
from glassworks.specs.run import RunState

MAX_BYTES = 2_000_000


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sample_run())
    return found


def test_it_has_today_s_form(recorded: dict[str, Any]) -> None:
    assert len(sample_run()) < MAX_BYTES
    SampleRunView.model_validate(recorded)
    detail = RunDetail.model_validate(recorded["detail"])
    assert detail.run.status == "done"
    assert set(recorded["children"]) == {node.run for node in detail.nodes}
    assert set(recorded["metrics"]) == set(recorded["children"])
    for part in (recorded["detail"], *recorded["detail"]["nodes"]):
        assert set(part["state"]) == set(RunState.model_fields), "a page reads every field"
    assert set(recorded["detail"]["run"]) == set(RunView.model_fields)


def test_its_events_fold_to_what_it_says(recorded: dict[str, Any]) -> None:
    view = SampleRunView.model_validate(recorded)
    detail = RunDetail.model_validate(recorded["detail"])
    assert fold(view.events) == detail.state
    for node in detail.nodes:
        assert node.run is not None
        assert node.state is not None
        state = fold(view.children[node.run].events)
        kept = {"progress", "progress_started_at"}  # of these most events were left out
        assert state.model_dump(exclude=kept) == node.state.model_dump(exclude=kept)


def test_it_is_the_recipe_as_it_ships(recorded: dict[str, Any]) -> None:
    detail = RunDetail.model_validate(recorded["detail"])
    assert detail.recipe == load_recipe(SAMPLE)
    assert detail.run.changes == ()


def test_samples_come_early_and_with_every_row(recorded: dict[str, Any]) -> None:
    (train,) = [n for n in recorded["detail"]["nodes"] if n["stage"] == "train_model"]
    steps = [sample["step"] for sample in train["state"]["samples"]]
    assert steps[:3] == [0, 100, 200]
    assert steps[-1] == train["config"]["steps"]
    rows = recorded["metrics"][train["run"]]
    assert [row["step"] for row in rows] == list(range(1, train["config"]["steps"] + 1))


def test_it_knows_no_path_and_no_name(recorded: dict[str, Any]) -> None:
    for text in strings(recorded):
        assert not text.startswith("/"), text
        assert "Linux" not in text
    assert recorded["machine"]["num_cores"] > 0
    assert "hostname" not in recorded["machine"]


def test_the_file_is_in_the_package() -> None:
    assert (files("glassworks.content") / "samples" / f"{SAMPLE}.json").is_file()


def strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
