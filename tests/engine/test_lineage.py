"""Where datasets come from and who needs them, on stores made by hand: forks, loops, runs that are not done, deletion."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import Conflict, GlassworksError, InvalidSpec, NotFound
from glassworks.common.ids import new_run_id
from glassworks.engine.datasets import dataset_detail, description_of, find_dataset, used_by
from glassworks.engine.deleting import delete_dataset
from glassworks.engine.lineage import read_lineage
from glassworks.engine.references import Resolved
from glassworks.engine.short_settings import short_settings
from glassworks.specs.events import ErrorSpec, RunDone, RunFailed, RunStopped
from glassworks.specs.flow import NodeSpec, PlannedInput, PlannedNode, PlanSpec, RecipeSpec
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder, now_done
from glassworks.storage.store import Store, open_store
from tests.engine.stores import make_artifact


class Bench:
    """A store, and stages that "made" artifacts in it. Each run is a second younger than the one before."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.num = 0

    def dataset(self, text: str) -> str:
        return make_artifact(self.store, "dataset", text)

    def made(self, stage: str, inputs: dict[str, str], outputs: dict[str, str]) -> RunFolder:
        run = self.store.runs.create(self.spec("stage", stage, inputs))
        run.finish(now_done(outputs, inputs))
        run.record(RunDone(outputs=outputs))
        return run

    def ordered(self, artifact: str) -> RunFolder:
        """A flow that was planned with the artifact and has not begun."""
        return self.store.runs.create(self.spec("flow", "split_dataset", {"dataset": artifact}))

    def spec(self, kind: str, stage: str, inputs: dict[str, str]) -> RunSpec:
        self.num += 1
        node = PlannedNode(
            name="node",
            stage=stage,
            version=1,
            config={},
            hashed_config={},
            inputs={n: PlannedInput(kind="dataset", artifact=a) for n, a in inputs.items()},
            outputs={},
        )
        recipe = RecipeSpec(
            name="made", title="Made", output="node.x", nodes={"node": NodeSpec(stage=stage)}
        )
        fields: dict[str, Any] = {"node": node, "inputs": inputs}
        if kind == "flow":
            fields = {"plan": PlanSpec(recipe=recipe, output_name="made", nodes=(node,))}
        return RunSpec.model_validate(
            {
                "id": new_run_id(),
                "kind": kind,
                "name": stage,
                "created_at": f"2026-01-01T00:00:{self.num:02}.000000Z",
                "key": "k",
                **fields,
            }
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(open_store(tmp_path / "store"))


def steps(bench: Bench, artifact: str, run: str | None = None) -> list[str]:
    ancestry = read_lineage(bench.store).ancestry(artifact, "dataset", run)
    return [work.run for _, work in ancestry]


def test_the_way_back_follows_every_dataset_that_was_read(bench: Bench) -> None:
    one, two, mixed, clean = (bench.dataset(t) for t in ("one", "two", "mixed", "clean"))
    first = bench.made("import_dataset", {}, {"dataset": one})
    second = bench.made("import_dataset", {}, {"dataset": two})
    mix = bench.made("mix_datasets", {"first": one, "second": two}, {"dataset": mixed})
    last = bench.made("clean_dataset", {"dataset": mixed}, {"dataset": clean})
    assert steps(bench, clean) == [run.id for run in (first, second, mix, last)]
    detail = dataset_detail(bench.store, Resolved(clean, "dataset", "x"))
    assert detail["lineage"][2]["inputs"] == [one, two]


def test_a_step_that_changed_nothing_leads_in_no_circle(bench: Bench) -> None:
    text = bench.dataset("text")
    imported = bench.made("import_dataset", {}, {"dataset": text})
    same = bench.made("clean_dataset", {"dataset": text}, {"dataset": text})
    assert steps(bench, text) == [imported.id]
    assert steps(bench, text, same.id) == [same.id]
    assert read_lineage(bench.store).descendants(text) == set()


def test_the_same_text_made_twice_is_told_by_its_own_run(bench: Bench) -> None:
    text = bench.dataset("text")
    old = bench.made("import_dataset", {}, {"dataset": text})
    new = bench.made("import_dataset", {}, {"dataset": text})
    assert steps(bench, text) == [new.id]
    assert steps(bench, text, old.id) == [old.id]


def test_a_run_that_is_done_meanwhile_is_seen(bench: Bench) -> None:
    text, part = bench.dataset("text"), bench.dataset("part")
    run = bench.store.runs.create(bench.spec("stage", "split_dataset", {"dataset": text}))
    assert read_lineage(bench.store).descendants(text) == set()
    run.finish(now_done({"train": part}, {"dataset": text}))
    assert read_lineage(bench.store).descendants(text) == {part}


def test_a_damaged_run_hides_no_other(bench: Bench) -> None:
    text = bench.dataset("text")
    run = bench.made("import_dataset", {}, {"dataset": text})
    broken = bench.made("clean_dataset", {"dataset": text}, {"dataset": bench.dataset("x")})
    broken.spec_file.write_text("no JSON")
    assert steps(bench, text) == [run.id]


def test_users_of_any_distance_but_not_what_only_describes(bench: Bench) -> None:
    text, part = bench.dataset("text"), bench.dataset("part")
    tokenizer = make_artifact(bench.store, "tokenizer", "t")
    described = make_artifact(bench.store, "description", "d")
    split = bench.made("split_dataset", {"dataset": text}, {"train": part})
    bench.made("train_tokenizer", {"dataset": part}, {"tokenizer": tokenizer})
    bench.made("describe_dataset", {"dataset": text}, {"description": described})
    bench.store.items.add_version("tokenizer", "bard", tokenizer, None, "school")
    lineage = read_lineage(bench.store)
    found = used_by(bench.store, lineage, text)
    assert [run["run"] for run in found["runs"]] == [split.id]
    assert found["items"] == [
        {"kind": "tokenizer", "name": "bard", "project": "school", "version": 1}
    ]
    assert description_of(bench.store, lineage, text) == described
    bench.store.artifacts.delete(described)
    assert description_of(bench.store, lineage, text) is None


def refused(bench: Bench, ref: str) -> GlassworksError:
    with pytest.raises(Conflict) as caught:
        delete_dataset(bench.store, ref)
    assert caught.value.code == "in-use"
    return caught.value


def test_while_a_run_may_still_read_it_nothing_is_deleted(bench: Bench) -> None:
    text = bench.dataset("text")
    bench.store.items.add_version("dataset", "plays", text, None)
    run = bench.ordered(text)
    assert f"run {run.id} (split_dataset, queued)" in refused(bench, "plays").message
    run.record(RunStopped())
    assert "stopped" in refused(bench, "plays@1").message
    assert bench.store.artifacts.has(text)
    run.record(RunFailed(error=ErrorSpec(code="x", message="m")))
    gone = delete_dataset(bench.store, "plays")
    assert (gone["versions"], gone["artifacts"]) == ([1], [text])
    assert not bench.store.artifacts.has(text)


def test_what_was_made_from_it_keeps_it(bench: Bench) -> None:
    text, part = bench.dataset("text"), bench.dataset("part")
    bench.made("split_dataset", {"dataset": text}, {"train": part})
    bench.store.items.add_version("dataset", "plays", text, None)
    bench.store.items.add_version("dataset", "part", part, None, "school")
    assert "dataset/part@1 in project school" in refused(bench, "plays").message
    delete_dataset(bench.store, "part", "school")
    assert delete_dataset(bench.store, "plays")["artifacts"] == [text]


def test_versions_made_from_each_other_go_together(bench: Bench) -> None:
    old, new = bench.dataset("old"), bench.dataset("new")
    described = make_artifact(bench.store, "description", "d")
    bench.made("clean_dataset", {"dataset": old}, {"dataset": new})
    bench.made("describe_dataset", {"dataset": new}, {"description": described})
    for artifact in (old, new):
        bench.store.items.add_version("dataset", "plays", artifact, None)
    assert "dataset/plays@2" in refused(bench, "plays@1").message
    gone = delete_dataset(bench.store, "plays")
    assert gone["artifacts"] == [old, new, described]
    with pytest.raises(NotFound):
        delete_dataset(bench.store, "plays")


def test_another_name_keeps_the_text(bench: Bench) -> None:
    text, part = bench.dataset("text"), bench.dataset("part")
    bench.made("split_dataset", {"dataset": text}, {"train": part})
    bench.store.items.add_version("dataset", "part", part, None)
    bench.store.items.add_version("dataset", "plays", text, None)
    bench.store.items.add_version("dataset", "copy", text, None)
    assert delete_dataset(bench.store, "plays") == {
        "name": "plays",
        "project": "default",
        "versions": [1],
        "artifacts": [],
        "freed_bytes": 0,
    }
    assert bench.store.artifacts.has(text)
    refused(bench, "copy")


def test_a_name_whose_text_is_gone_is_shown_and_deleted(bench: Bench) -> None:
    text = bench.dataset("text")
    bench.store.items.add_version("dataset", "plays", text, None)
    bench.store.artifacts.delete(text)
    detail = dataset_detail(bench.store, find_dataset(bench.store, "plays"))
    assert (detail["name"], detail["is_present"], detail["num_documents"]) == ("plays", False, None)
    assert delete_dataset(bench.store, "plays")["freed_bytes"] == 0


def test_what_has_no_name_is_not_deleted_by_its_id(bench: Bench) -> None:
    text = bench.dataset("text")
    for ref in (text, text[:12]):
        with pytest.raises(InvalidSpec, match="is not the name of a dataset"):
            delete_dataset(bench.store, ref)
    assert bench.store.artifacts.has(text)


def test_settings_in_short_are_what_somebody_chose() -> None:
    source = {"kind": "files", "path": "/in", "fingerprint": "a" * 64, "cut": "none"}
    mapping = {"layout": "auto", "text": "body"}
    assert short_settings("import_dataset", {"source": {**source, "mapping": mapping}}) == {
        "source.kind": "files",
        "source.path": "/in",
        "source.mapping.text": "body",
    }
    steps = [{"kind": "length"}, {"kind": "quality"}]
    assert short_settings("clean_dataset", {"steps": steps, "put_back": [], "processes": 1}) == {
        "steps": "length, quality"
    }
    long = short_settings("of a plugin", {f"n{i:02}": "x" * 200 for i in range(40)})
    assert len(long) == 12 and all(len(words) == 80 for words in long.values())
