"""The cache through the command line: a changed field runs exactly what depends on it; names and order run nothing."""

from pathlib import Path

import pytest
import yaml

from tests.acceptance.house import House
from tests.acceptance.test_damage import actions

CHANGES: dict[str, tuple[set[str], str]] = {
    "train.steps=9": ({"train"}, "steps: 8 → 9"),
    "tokenizer.trainer.vocab_size=290": (
        {"tokenizer", "tokens", "train"},
        "trainer.vocab_size: 280 → 290",
    ),
    "train.keep_states=3": (set(), ""),  # shown only, never in the result
}


@pytest.mark.parametrize("setting", CHANGES)
def test_a_changed_field_runs_exactly_what_depends_on_it(
    house: House, recipe: Path, setting: str
) -> None:
    expected, words = CHANGES[setting]
    done = house.run("run", str(recipe), "--set", setting)
    assert done.returncode == 0, done.stderr
    assert {node for node, action in actions(house).items() if action != "reuse"} == expected
    assert words in done.stdout, done.stdout
    for node in expected:
        assert f"\n{node} runs because " in done.stdout, done.stdout


def test_other_names_and_another_order_run_nothing(
    house: House, recipe: Path, tmp_path: Path
) -> None:
    document = yaml.safe_load(recipe.read_text("utf-8"))
    text = yaml.safe_dump(dict(reversed(document["nodes"].items())), sort_keys=False)
    renamed = text.replace("tokens.", "numbers.").replace("tokens:\n  stage", "numbers:\n  stage")
    nodes = yaml.safe_load(renamed.replace("\ntokens:", "\nnumbers:"))
    assert list(nodes) == ["train", "numbers", "tokenizer", "split", "data"]
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump({**document, "nodes": nodes}, sort_keys=False), "utf-8")
    done = house.run("run", str(changed), "--name", "another")
    assert done.returncode == 0, done.stderr
    assert set(actions(house).values()) == {"reuse"}
    assert done.stdout.count(": reused from run r") == 5
    items = house.must("ls", "items")["items"]
    assert ("model", "another") in [(item["kind"], item["name"]) for item in items]
