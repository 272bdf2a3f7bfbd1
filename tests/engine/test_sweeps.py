"""Sweeps driven by the real engine: who wins, who is given up, a variant that fails, a kill on the way."""

from pathlib import Path

import pytest

from glassworks.common.errors import Conflict, InvalidSpec
from glassworks.engine.attempt import Stopper
from glassworks.engine.course import close_rung, is_own_fault
from glassworks.engine.drive import drive
from glassworks.engine.sweep_table import best_child, sweep_table
from glassworks.engine.sweeps import plan_recipe
from glassworks.engine.workshop import Workshop
from glassworks.specs.events import ErrorSpec
from glassworks.specs.flow import SweepPlan
from glassworks.specs.sweep import AxisSpec, HalvingSpec, SweepSpec
from tests.conftest import MACHINE
from tests.engine.conftest import Trained
from tests.engine.counts import child, counted, driver_process, number_of, rows_of, run_plan
from tests.engine.sweeping import sweep_plan
from tests.processes import until


def test_a_grid_names_the_best_and_goes_on_without_a_variant_that_fails(workshop: Workshop) -> None:
    plan = sweep_plan({"save_every": (8, 5), "fail_at": (0, 3)})
    run = run_plan(workshop, plan)
    table = sweep_table(workshop.store, run)
    assert run.state().status == "done"
    assert [row.status for row in table.variants] == ["done", "failed", "done", "failed"]
    assert [row.values for row in table.variants] == [(1 / 16,), (), (1 / 20,), ()]
    assert table.best == 3
    assert table.variants[1].error == "Step 3 cannot be counted."
    made = child(workshop, run, "count-3")
    item = workshop.store.items.find("counted")[0]
    assert item.latest.run == made.id
    assert best_child(workshop.store, run).id == made.id
    again = run_plan(workshop, plan)
    assert again.id != run.id
    actions = {name: d.action for name, d in again.state().nodes.items()}
    assert actions["count-1"] == actions["count-3"] == "reuse"


def test_a_sweep_in_which_every_variant_fails_fails(workshop: Workshop) -> None:
    run = run_plan(workshop, sweep_plan({"fail_at": (2, 3)}))
    state = run.state()
    assert state.status == "failed"
    assert state.error is not None
    assert state.error.code == "bad-count"
    with pytest.raises(Conflict, match="no best variant"):
        best_child(workshop.store, run)


def test_halving_takes_the_best_further_from_where_they_stand(workshop: Workshop) -> None:
    plan = sweep_plan({"save_every": (4, 5, 2)}, HalvingSpec(eta=3), steps=12)
    run = run_plan(workshop, plan)
    state = run.state()
    assert [(event.rung, event.steps, event.values) for event in state.rungs] == [
        (1, 4, {"1": 1 / 4, "3": 1 / 4}),  # 2 had not measured yet
        (2, 12, {"1": 1 / 12}),
    ]
    (kept,) = state.rungs[0].kept
    last = child(workshop, run, f"count-{kept}-rung-2")
    assert last.spec().continues == state.nodes[f"count-{kept}-rung-1"].run
    assert last.state().attempts[0].from_step == 4
    assert number_of(workshop, run, f"count-{kept}-rung-2") == counted(12)
    others = {number for number in (1, 2, 3) if number != kept}
    assert not any(f"count-{number}-rung-2" in state.nodes for number in others)
    table = sweep_table(workshop.store, run)
    assert {table.variants[number - 1].status for number in others} == {"dropped"}
    assert [rung.num_variants for rung in table.rungs] == [3, 1]


def test_a_sweep_killed_with_its_driver_goes_on_and_decides_the_same(
    workshop: Workshop, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    plan = sweep_plan(
        {"save_every": (5, 2, 3)}, HalvingSpec(eta=3), steps=12, hold_at=7, gate=str(gate)
    )
    with driver_process(plan) as process:
        assert process.stdout is not None
        run_id = process.stdout.readline().strip()
        until(lambda: 7 in steps_of(workshop))  # only a variant that was kept counts beyond 4
        process.kill()
        process.wait()
    run = workshop.store.runs.get(run_id)
    before = run.state().rungs
    assert len(before) == 1
    gate.touch()
    state = drive(workshop, run, MACHINE, Stopper())
    assert state.status == "done"
    assert state.rungs[:1] == before
    kept = before[0].kept[0]
    assert number_of(workshop, run, f"count-{kept}-rung-2") == counted(12)
    assert len(child(workshop, run, f"count-{kept}-rung-2").state().attempts) == 1, "adopted"


def steps_of(workshop: Workshop) -> set[float]:
    """The steps that any run has counted."""
    runs = [run for run in workshop.store.runs.all() if run.spec().kind == "stage"]
    return {row["step"] for run in runs for row in rows_of(run)}


def test_variants_that_were_measured_on_different_texts_are_told_so(trained: Trained) -> None:
    verdicts = {}
    for field, values in (("split.by.fraction", (0.1, 0.3)), ("train.seed", (1, 2))):
        axis = AxisSpec(field=field, values=values)
        recipe = trained.recipe.model_copy(update={"sweep": SweepSpec(over=(axis,))})
        run = run_plan(trained.workshop, plan_recipe(trained.workshop, recipe, MACHINE))
        verdicts[field] = sweep_table(trained.workshop.store, run).verdict
    assert "different held-out text" in verdicts["split.by.fraction"]
    assert "held-out" not in verdicts["train.seed"]


def test_a_plain_run_is_no_sweep(workshop: Workshop) -> None:
    plan = sweep_plan({"save_every": (4, 5)})
    run = run_plan(workshop, plan.model_copy(update={"sweep": None}))
    with pytest.raises(InvalidSpec) as caught:
        sweep_table(workshop.store, run)
    assert caught.value.code == "no-sweep"


def sweep() -> SweepPlan:
    plan = sweep_plan({"save_every": (1, 2, 3), "seed": (1, 2)}, HalvingSpec(eta=3))
    assert plan.sweep is not None
    return plan.sweep


def test_groups_are_judged_by_the_mean_over_their_seeds() -> None:
    values = {1: 0.5, 2: 1.5, 3: 0.9, 4: 0.8, 5: 2.0, 6: 0.1}
    event = close_rung(sweep(), 1, values, set(values))
    assert event.kept == (3, 4), (
        "0.85 beats 1.0 and 1.05, though the best single value is another's"
    )
    last = close_rung(sweep(), 2, {3: 0.9, 4: 0.8}, {3, 4})
    assert last.kept == (4, 3), "of the best group the best seed stands first"


def test_without_any_figure_nobody_is_given_up() -> None:
    event = close_rung(sweep(), 1, {}, {1, 2, 3})
    assert event.kept == (1, 2, 3)
    assert "nothing recorded" in event.reason


def test_only_a_variants_own_fault_lets_the_others_go_on() -> None:
    def fault(kind: str, code: str) -> bool:
        return is_own_fault(ErrorSpec(type=kind, code=code, message="m"))

    assert fault("Diverged", "diverged")
    assert fault("OutOfMemory", "out-of-memory")
    assert not fault("DiskFull", "disk-full")
    assert not fault("StageFailed", "worker-killed")
    assert not fault("InvalidSpec", "stage-version"), "every variant would meet it"
