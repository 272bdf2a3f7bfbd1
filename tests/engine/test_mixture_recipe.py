"""A recipe with a mixture through real workers: two datasets, one vocabulary, chosen shares; what changes runs again."""

from typing import Any

from glassworks.specs.events import FindingRaised
from glassworks.specs.flow import RecipeSpec
from tests.engine.conftest import Trained
from tests.engine.counts import child


def mixed(trained: Trained, **mix_config: Any) -> RecipeSpec:
    """The tiny recipe, with made-up sums beside its verse."""
    document = trained.recipe.to_json()
    nodes = document["nodes"]
    nodes["sums"] = {
        "stage": "import_dataset",
        "config": {"source": {"kind": "arithmetic", "num_digits": 1, "num_documents": 40}},
    }
    nodes["sum_tokens"] = {
        "stage": "tokenize_dataset",
        "inputs": {"train": "sums.dataset", "tokenizer": "tokenizer.tokenizer"},
    }
    nodes["mix"] = {
        "stage": "mix_tokens",
        "config": {"first": {"name": "verse"}, "second": {"name": "sums"}, **mix_config},
        "inputs": {"first": "tokens.train", "second": "sum_tokens.train"},
    }
    nodes["train"]["inputs"]["train"] = "mix.tokens"
    return RecipeSpec.model_validate(document)


def test_a_mixture_in_a_recipe(trained: Trained) -> None:
    weights = {
        "first": {"name": "verse", "weight": 3},
        "second": {"name": "sums", "weight": 1, "max_epochs": 1},
    }
    done = trained.drive(mixed(trained, **weights))
    assert list(done) == ["sums", "sum_tokens", "mix", "train"]
    run = trained.workshop.store.runs.all_folders()
    flow = next(r for r in run if r.spec().kind == "flow" and r.id != trained.run)
    stage = child(trained.workshop, flow, "train")
    (plan,) = [e for e in stage.state().findings if e.code == "mixture-planned"]
    assert isinstance(plan, FindingRaised)
    assert plan.evidence["verse"]["share"] == 0.75
    assert plan.evidence["sums"]["share"] == 0.25
    store = trained.workshop.store
    summary = store.artifacts.manifest(flow.state().outputs["train.checkpoint"]).summary
    assert set(summary["epochs"]) == {"verse", "sums"}
    assert store.artifacts.verify(flow.state().outputs["mix.tokens"]) == []

    reasons = trained.drive(mixed(trained, **weights, temperature=2))
    assert list(reasons) == ["mix", "train"]
    assert reasons["mix"] == "config temperature: 1.0 → 2.0"
