"""The stage `clean_dataset`: what stays, and the report of what each step did."""

import json
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData
from glassworks.lm.data import DatasetReader, DatasetWriter, Document, documents
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES, clean_dataset
from tests.contract.stage_fixtures import files_hash
from tests.lm.data.test_processes import children_at_work
from tests.stages.bench import make_context, run_stage
from tests.stages.test_tokenize_dataset import Watching

GOOD = "The ware is held at the annealing point until the stress has gone, number {}. " * 4


def dataset(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    with DatasetWriter(folder) as writer:
        for id_, text in texts.items():
            writer.add(Document(id_, text, "s", id_))
    return folder


def clean(
    folder: Path, texts: dict[str, str], **config: Any
) -> tuple[list[Document], dict[str, Any]]:
    made = dataset(folder / "in", texts)
    run_stage("clean_dataset", folder / "out", config, dataset=made)
    report = json.loads((folder / "out/dataset/cleaning.json").read_text("utf-8"))
    return list(DatasetReader(folder / "out/dataset")), report


STEPS = [
    {"kind": "normalize_unicode"},
    {"kind": "length", "min_characters": 20},
    {"kind": "exact_duplicates"},
]
TEXTS = {
    "a": "a long enough text, Gla\u0308ser",
    "b": "short",
    "c": "a long enough text, Gläser",
    "d": "another text that is long enough",
}


def test_a_cleaning_that_leaves_nothing_says_which_step_did_it(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="none of 4 documents: length took out 4") as caught:
        clean(tmp_path, TEXTS, steps=[{"kind": "length", "min_characters": 500}])
    assert caught.value.code == "nothing-left"


def test_counts_and_samples_of_each_step(tmp_path: Path) -> None:
    kept, report = clean(tmp_path, TEXTS, steps=STEPS)
    assert [(d.id, d.text) for d in kept] == [("a", TEXTS["c"]), ("d", TEXTS["d"])]
    unicode, length, exact = report["steps"]
    assert (unicode["changed"], unicode["removed"]) == (1, 0)
    assert unicode["samples"][0]["becomes"] == TEXTS["c"]
    assert (length["before"]["documents"], length["after"]["documents"]) == (4, 3)
    assert length["before"]["bytes"] - length["after"]["bytes"] == 5
    assert exact["samples"][0]["twin"] == {"id": "a", "similarity": 1.0}
    assert exact["after"] == {"documents": 2, "bytes": sum(d.num_bytes for d in kept)}


def test_the_counts_are_told_as_they_grow_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_dataset, "FIRST_COUNT_S", 0.0)
    monkeypatch.setattr(clean_dataset, "COUNT_EVERY_S", 0.0)
    monkeypatch.setattr(documents, "ROW_GROUP_DOCUMENTS", 2)
    made = dataset(tmp_path / "in", TEXTS)
    context = run_stage("clean_dataset", tmp_path / "out", {"steps": STEPS}, dataset=made)
    told = [event for event in context.events if event.type == "cleaning.counted"]
    assert [event.steps[1].documents_before for event in told] == [2, 4, 4]
    assert [step.removed for step in told[-1].steps] == [0, 1, 1]


def test_put_back_stays_whatever_a_step_says(tmp_path: Path) -> None:
    kept, report = clean(tmp_path, TEXTS, steps=STEPS, put_back=["b", "c"])
    assert [d.id for d in kept] == ["a", "b", "c", "d"]
    assert [step["removed"] for step in report["steps"]] == [0, 0, 0]


def test_five_samples_that_do_not_depend_on_luck(tmp_path: Path) -> None:
    texts = {f"{n:03}": f"s{n}" for n in range(100)} | {"good": GOOD}
    _, one = clean(tmp_path / "one", texts, steps=STEPS)
    _, two = clean(tmp_path / "two", texts, steps=STEPS)
    samples = [sample["id"] for sample in one["steps"][1]["samples"]]
    assert one == two
    assert len(set(samples)) == 5
    assert samples != sorted(samples)[:5], "spread over the dataset, not its beginning"


def test_the_usual_steps_keep_good_text(tmp_path: Path) -> None:
    prose = {
        f"d{n}": " ".join(f"word{(n * 977 + k * k) % 5000}" for k in range(80)) for n in range(6)
    }
    kept, report = clean(tmp_path, prose | {"copy": prose["d0"]})
    assert [d.id for d in kept] == list(prose)
    assert [step["removed"] for step in report["steps"]].count(0) == 6


def test_a_window_of_a_long_text_shows_what_decided(tmp_path: Path) -> None:
    text = "x" * 5000 + " anna@example.org " + "y" * 5000
    _, report = clean(tmp_path, {"a": text}, steps=[{"kind": "personal_data"}])
    (sample,) = report["steps"][0]["samples"]
    start, stop = sample["span"]
    assert sample["text"][start:stop] == "anna@example.org"
    assert len(sample["text"]) == 600


# --- several processes -------------------------------------------------------------------------------------------

ALL_STEPS: list[dict[str, Any]] = [
    {"kind": "repair_mojibake"},
    {"kind": "normalize_unicode"},
    {"kind": "length", "min_characters": 20},
    {"kind": "exact_duplicates"},
    {"kind": "near_duplicates", "threshold": 0.6},
    {"kind": "repetition"},
    {"kind": "quality", "min_words": 5},
    {"kind": "personal_data"},
    {"kind": "pattern", "pattern": "word13", "action": "replace", "replacement": "thirteen"},
    {"kind": "exact_duplicates"},
]


def mixed_texts() -> dict[str, str]:
    """Good text, and something for each step: every seventh a copy, every fifth nearly one, across row groups."""
    texts = {}
    for n in range(84):
        words = [f"word{(n * 977 + k * k) % 3000}" for k in range(60)]
        near = [f"word{((n - 5) * 977 + k * k) % 3000}" for k in range(55)]
        texts[f"d{n:02}"] = {
            1: "short",
            2: "Gla\u0308ser sind heiß, " + " ".join(words),
            3: "GlÃ¤ser sind heiÃŸ, " + " ".join(words),
            4: f"write to anna{n}@example.org " + " ".join(words),
            5: " ".join([*near, f"other{n}", "end"]),
            6: "say it again and again, " * 9,
            0: " ".join(f"word{k}" for k in range(40)),
        }.get(n % 7 if n % 2 else 9, " ".join(words))
    return texts


@pytest.fixture(scope="module")
def in_groups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of 12 row groups."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "ROW_GROUP_DOCUMENTS", 7)
        made = dataset(tmp_path_factory.mktemp("groups") / "in", mixed_texts())
    assert len(DatasetReader(made).row_groups()) == 12
    return made


def test_the_same_bytes_by_any_number_of_processes(in_groups: Path, tmp_path: Path) -> None:
    config = {"steps": ALL_STEPS, "put_back": ["d07", "d71"]}
    hashes = {}
    for num in (1, 2, 3):
        context = Watching(
            **vars(
                make_context(
                    "clean_dataset",
                    tmp_path / f"{num}",
                    {**config, "processes": num},
                    {"dataset": in_groups},
                )
            )
        )
        STAGES.load("clean_dataset")().run(context)
        hashes[num] = files_hash(tmp_path / f"{num}/dataset")
        assert max(row["processes"] for row in context.rows) == (num if num > 1 else 0)
        assert context.progressed[-1][:2] == (84, 84)
    assert len(set(hashes.values())) == 1
    report = json.loads((tmp_path / "1/dataset/cleaning.json").read_text("utf-8"))
    did_something = [step["removed"] + step["changed"] > 0 for step in report["steps"]]
    assert [
        did for did, step in zip(did_something, ALL_STEPS, strict=True) if step["kind"] != "quality"
    ] == [True] * 8 + [False]


def test_processes_are_no_part_of_the_key() -> None:
    config: Any = STAGES.load("clean_dataset").Config
    assert config(processes=2).hashed() == config(processes=1).hashed() == config().hashed()


@pytest.mark.parametrize("num", [1, 2])
def test_it_stops_when_asked(in_groups: Path, tmp_path: Path, num: int) -> None:
    context = make_context(
        "clean_dataset", tmp_path, {"steps": ALL_STEPS, "processes": num}, {"dataset": in_groups}
    )
    context.stop_after = 3
    with pytest.raises(Stopped):
        STAGES.load("clean_dataset")().run(context)
    assert not children_at_work()
