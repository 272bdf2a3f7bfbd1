"""Sweeps as flows: what is chosen, what is shared, how rungs are laid out."""

from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.flow.graph import check_flow
from glassworks.flow.keys import flow_key
from glassworks.flow.sweep import (
    Expanded,
    choose_variants,
    expand,
    grid_values,
    parse_axis,
    settled_recipe,
)
from glassworks.specs.flow import RecipeSpec, SweepPlan
from glassworks.specs.sweep import AxisSpec, HalvingSpec, SweepSpec
from tests.flow.stages import STAGES, keys_of, plan_of, recipe

TRAINS = {
    name: spec.model_copy(update={"can_continue": name == "learn"}) for name, spec in STAGES.items()
}


def swept(*over: str, **fields: Any) -> RecipeSpec:
    sweep = SweepSpec(over=tuple(map(parse_axis, over)), **fields)
    return recipe().model_copy(update={"sweep": sweep})


def expanded(*over: str, **fields: Any) -> Expanded:
    return expand(swept(*over, **fields), TRAINS)


def test_a_grid_is_every_combination_and_shares_what_does_not_depend_on_it() -> None:
    found = expanded("learn.rate=0.1,0.2", "learn.seed=1,2")
    assert [variant.settings for variant in found.variants] == [
        {"learn.rate": 0.1, "learn.seed": 1},
        {"learn.rate": 0.1, "learn.seed": 2},
        {"learn.rate": 0.2, "learn.seed": 1},
        {"learn.rate": 0.2, "learn.seed": 2},
    ]
    assert [variant.group for variant in found.variants] == [1, 1, 2, 2]
    assert set(found.recipe.nodes) == {"data", "split", "cut", "learn-1", "learn-2", "learn-3", "learn-4"}  # fmt: skip
    assert found.recipe.nodes["learn-4"].config == {"steps": 10, "seed": 2, "rate": 0.2}
    check_flow(found.recipe, TRAINS)


def test_what_depends_on_a_varied_setting_is_made_for_each() -> None:
    found = expanded("cut.size=5,6")
    assert set(found.recipe.nodes) == {"data", "split", "cut-1", "cut-2", "learn-1", "learn-2"}
    assert found.recipe.nodes["learn-2"].inputs["tokenizer"] == "cut-2.tokenizer"
    assert found.order == ("data", "split", "cut-1", "learn-1", "cut-2", "learn-2")


def test_a_variant_is_the_very_run_that_its_settings_alone_would_be() -> None:
    """Its training has the key of the same recipe run by itself, so either finds the other's result."""
    found = expanded("learn.rate=0.1,0.2", "learn.architecture.width=8,16")
    shared = keys_of(plan_of(found.recipe, stages=TRAINS))
    alone = settled_recipe(swept("learn.rate=0.1,0.2", "learn.architecture.width=8,16"), {"learn.rate": 0.2, "learn.architecture.width": 16})  # fmt: skip
    assert keys_of(plan_of(alone, stages=TRAINS))["learn"] == shared["learn-4"]


def test_halving_lays_out_rungs_that_go_on_from_each_other() -> None:
    found = expanded("learn.rate=1..9:9", halving=HalvingSpec(eta=3))
    assert [(rung.steps, rung.num_kept) for rung in found.rungs] == [(1, 3), (3, 1), (10, 1)]
    first = found.variants[0]
    assert first.trainings == ("learn-1-rung-1", "learn-1-rung-2", "learn-1-rung-3")
    assert found.goes_on_from["learn-1-rung-3"] == "learn-1-rung-2"
    assert found.goes_on_from["learn-1-rung-2"] == "learn-1-rung-1"
    steps = [found.recipe.nodes[name].config["steps"] for name in first.trainings]
    assert steps == [1, 3, 10]
    rungs = [name.rpartition("-")[2] for name in found.order if name.startswith("learn")]
    assert rungs == sorted(rungs), "each rung stands before the next"


def test_draws_come_from_the_seed_alone_and_seeds_repeat_each_draw() -> None:
    over = ("learn.rate=1e-4..1e-1:log", "learn.seed=1,2")
    first = choose_variants(swept(*over, num=4))
    assert first == choose_variants(swept(*over, num=4))
    assert first != choose_variants(swept(*over, num=4, seed=7))
    assert len(first) == 8
    rates = [one["learn.rate"] for one in first]
    assert rates[::2] == rates[1::2], "both seeds get the same draw"
    assert all(1e-4 <= rate <= 1e-1 for rate in rates)
    assert first[:4] == choose_variants(swept(*over, num=2)), "more draws keep those before"


def test_a_list_has_no_more_draws_than_values() -> None:
    assert len(choose_variants(swept("learn.rate=1,2,3", num=9))) == 3


def test_ranges_are_spread_evenly_by_their_scale() -> None:
    assert grid_values(parse_axis("a.b=1e-4..1e-2:log:3")) == (0.0001, 0.001, 0.01)
    assert grid_values(parse_axis("a.b=1..9:3")) == (1, 5, 9)
    assert grid_values(parse_axis("a.b=0.5..1.5:2")) == (0.5, 1.5)


def test_fields_go_along_with_a_value() -> None:
    axis = AxisSpec(
        field="learn.architecture.width",
        values=(8, 16),
        along={"learn.architecture.attention.heads": (2, 4), "learn.steps": (10, 20)},
    )
    found = expand(recipe().model_copy(update={"sweep": SweepSpec(over=(axis,))}), TRAINS)
    second = found.recipe.nodes["learn-2"]
    assert second.config["steps"] == 20
    assert second.inputs["architecture"].inline == {"width": 16, "attention": {"heads": 4}}  # type: ignore[union-attr]


def test_a_named_setting_may_be_varied() -> None:
    assert choose_variants(swept("steps=5,6")) == [{"learn.steps": 5}, {"learn.steps": 6}]


@pytest.mark.parametrize(
    ("over", "fields", "code"),
    [
        (("learn.rate=1,2", "learn.rate=3"), {}, "sweep-varies-twice"),
        (("learn.a=1..100:20", "learn.b=1..100:20"), {}, "sweep-too-large"),
        (("learn.steps=1,2,3",), {"halving": HalvingSpec()}, "sweep-varies-steps"),
        (("learn.rate=1,2",), {"halving": HalvingSpec()}, "nothing-to-halve"),
        (("nowhere.rate=1,2",), {}, "unknown-setting"),
    ],
)
def test_what_cannot_be_is_refused(over: tuple[str, ...], fields: Any, code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        expanded(*over, **fields)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["rate", "=1", "a.b=", "a.b=9..1", "a.b=0..1:log", "a.b=1..2:odd"])
def test_an_axis_that_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_axis(text)
    assert caught.value.code == "bad-axis"


def test_a_recipe_that_trains_nothing_cannot_be_swept() -> None:
    with pytest.raises(InvalidSpec) as caught:
        expand(swept("learn.rate=1,2"), STAGES)
    assert caught.value.code == "sweep-needs-training"


def test_the_key_of_a_sweep_knows_what_it_is_judged_by() -> None:
    found = expanded("learn.rate=0.1,0.2")
    plan = plan_of(found.recipe, stages=TRAINS)

    def key(metric: str) -> str:
        sweep = SweepPlan(
            base=recipe(),
            fields=found.fields,
            metric=metric,
            is_lower_better=True,
            variants=found.variants,
            rungs=found.rungs,
        )
        return flow_key(plan.model_copy(update={"sweep": sweep}))

    assert key("a") == key("a")
    assert len({flow_key(plan), key("a"), key("b")}) == 3
