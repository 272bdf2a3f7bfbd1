"""The stage `clean_dataset`: what stays, and the report of what each step did."""

import json
from pathlib import Path
from typing import Any

import pytest

from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.stages import clean_dataset
from tests.stages.bench import run_stage

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


def test_counts_and_samples_of_each_step(tmp_path: Path) -> None:
    documents, report = clean(tmp_path, TEXTS, steps=STEPS)
    assert [(d.id, d.text) for d in documents] == [("a", TEXTS["c"]), ("d", TEXTS["d"])]
    unicode, length, exact = report["steps"]
    assert (unicode["changed"], unicode["removed"]) == (1, 0)
    assert unicode["samples"][0]["becomes"] == TEXTS["c"]
    assert (length["before"]["documents"], length["after"]["documents"]) == (4, 3)
    assert length["before"]["bytes"] - length["after"]["bytes"] == 5
    assert exact["samples"][0]["twin"] == {"id": "a", "similarity": 1.0}
    assert exact["after"] == {"documents": 2, "bytes": sum(d.num_bytes for d in documents)}


def test_the_counts_are_told_as_they_grow_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_dataset, "FIRST_COUNT_S", 0.0)
    monkeypatch.setattr(clean_dataset, "COUNT_EVERY_S", 0.0)
    made = dataset(tmp_path / "in", TEXTS)
    context = run_stage("clean_dataset", tmp_path / "out", {"steps": STEPS}, dataset=made)
    told = [event for event in context.events if event.type == "cleaning.counted"]
    assert [event.steps[1].documents_before for event in told] == [1, 2, 3, 4, 4]
    assert [step.removed for step in told[-1].steps] == [0, 1, 1]


def test_put_back_stays_whatever_a_step_says(tmp_path: Path) -> None:
    documents, report = clean(tmp_path, TEXTS, steps=STEPS, put_back=["b", "c"])
    assert [d.id for d in documents] == ["a", "b", "c", "d"]
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
    documents, report = clean(tmp_path, prose | {"copy": prose["d0"]})
    assert [d.id for d in documents] == list(prose)
    assert [step["removed"] for step in report["steps"]].count(0) == 6


def test_a_window_of_a_long_text_shows_what_decided(tmp_path: Path) -> None:
    text = "x" * 5000 + " anna@example.org " + "y" * 5000
    _, report = clean(tmp_path, {"a": text}, steps=[{"kind": "personal_data"}])
    (sample,) = report["steps"][0]["samples"]
    start, stop = sample["span"]
    assert sample["text"][start:stop] == "anna@example.org"
    assert len(sample["text"]) == 600
