"""Sweeps, comparison and scaling over HTTP, on a store made by hand: no worker is needed to read what came out."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.common.settings import Settings
from glassworks.engine.workshop import Workshop
from tests.conftest import make_home
from tests.engine.trained_stores import add_training
from tests.server.house import House

SIZES = (10_000, 40_000, 160_000)
RATE = "train.optimizer.learning_rate"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, list[str]]]:
    """A server on a home with three finished trainings of different size."""
    home = make_home(tmp_path_factory.mktemp("filled") / "home")
    with Workshop(Settings(home=home, store=home / "store")) as workshop:
        runs = [add_training(workshop.store, f"m{x}", x, 1.5 + 40 * x**-0.3).id for x in SIZES]
    with House(home) as house:
        yield house, runs


Filled = tuple[House, list[str]]


def test_a_sweep_is_counted_before_it_begins(house: House) -> None:
    sweep = {"over": [{"field": RATE, "values": [0.01, 0.02]}, {"field": "seed", "values": [1, 2, 3]}]}  # fmt: skip
    answer = house.api.post("/api/sweeps/plan", json={"recipe": "first-model", "sweep": sweep})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["num_variants"], found["num_trainings"]) == (6, 6)
    assert found["steps"] == 6 * 1200
    assert found["time_s"] is None, "nothing was trained here"
    assert found["fields"] == [RATE, "train.seed"]


def test_halving_is_counted_by_what_its_rungs_do(house: House) -> None:
    span = {"low": 0.001, "high": 0.1, "scale": "log"}
    sweep = {"over": [{"field": RATE, "range": span}], "num": 9, "halving": {"eta": 3}}
    found = house.api.post("/api/sweeps/plan", json={"recipe": "first-model", "sweep": sweep}).json()  # fmt: skip
    assert [(rung["steps"], rung["num_variants"]) for rung in found["rungs"]] == [
        (133, 9),
        (400, 3),
        (1200, 1),
    ]
    assert found["steps"] == pytest.approx(9 * 133 + 3 * 267 + 800, abs=9)


def test_a_recipe_may_bring_its_sweep(house: House) -> None:
    found = house.api.post("/api/sweeps/plan", json={"recipe": "ablation-positions"}).json()
    kinds = {variant["train.architecture.position.kind"] for variant in found["variants"]}
    assert kinds == {"learned", "sinusoidal", "rotary", "alibi"}
    assert found["num_variants"] == 8


def test_what_varies_nothing_is_told(house: House) -> None:
    answer = house.api.post("/api/sweeps/plan", json={"recipe": "first-model"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-sweep")


def test_runs_are_held_against_each_other(filled: Filled) -> None:
    house, runs = filled
    found = house.api.get("/api/compare", params={"run": runs[:2], "width": 10}).json()
    assert [side["letter"] for side in found["sides"]] == ["A", "B"]
    assert [row["field"] for row in found["settings"]] == ["train.architecture.width"]
    assert len(found["curves"][0]["curve"]["loss"]) == 10
    one = house.api.get("/api/compare", params={"run": runs[:1]})
    assert (one.status_code, one.json()["code"]) == (422, "how-many-runs")


def test_a_law_and_a_promise(filled: Filled, tmp_path: Path) -> None:
    house, runs = filled
    found = house.api.get("/api/scaling", params={"run": runs, "at": 640_000}).json()
    assert found["predictions"][0]["value"] == pytest.approx(1.5 + 40 * 640_000**-0.3, abs=0.05)
    assert found["remarks"]
    made = house.api.post("/api/scaling/promises", json={"runs": runs, "x": 640_000})
    assert made.status_code == 201, made.text
    (listed,) = house.api.get("/api/scaling/promises").json()["items"]
    assert listed["promise"] == made.json()["promise"]
    assert listed["is_kept"] is None
    assert math.isfinite(listed["promise"]["prediction"]["low"])


def test_a_run_that_is_no_sweep_has_no_table(filled: Filled) -> None:
    house, runs = filled
    answer = house.api.get(f"/api/sweeps/{runs[0]}")
    assert (answer.status_code, answer.json()["code"]) == (422, "no-sweep")
