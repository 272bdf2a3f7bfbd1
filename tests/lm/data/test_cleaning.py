"""Cleaning as a library: what is counted is told while it goes on, and what was looked at too much is not counted."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from glassworks.lm.data import Document
from glassworks.lm.data.cleaning import Cleaning, Looking
from glassworks.lm.data.filters import FILTERS, Removed

TEXTS = ["one two three", "one two three", "x", "four five six", "y"]


def configs(*kinds: str, **settings: Any) -> list[Any]:
    return [FILTERS.load(kind).Config(**(settings if kind == "length" else {})) for kind in kinds]


def groups(*texts: str, size: int = 2) -> list[list[Document]]:
    documents = [Document(f"d{n}", text, "s", "g") for n, text in enumerate(texts)]
    return [documents[at : at + size] for at in range(0, len(documents), size)]


def test_counts_grow_with_each_group(tmp_path: Path) -> None:
    one = Cleaning(configs("exact_duplicates", "length", min_characters=2), tmp_path)
    kept, told = [], []
    for group in one.clean(groups(*TEXTS)):
        kept.append([document.id for document in group])
        told.append([(step.documents_before, step.documents_after) for step in one.steps])
    assert kept == [["d0"], ["d3"], []]
    assert told == [[(2, 1), (1, 1)], [(4, 3), (3, 2)], [(5, 4), (4, 2)]]


def test_a_document_that_a_step_takes_out_is_not_looked_at_further() -> None:
    steps = configs("length", "exact_duplicates", min_characters=2)
    (looked,) = Looking(steps, Path(), frozenset())(groups("x")[0])
    assert [type(finding) for finding in looked.findings] == [Removed]
    (put_back,) = Looking(steps, Path(), frozenset(["d0"]))(groups("x")[0])
    assert [type(finding) for finding in put_back.findings] == [Removed, bytes]


@pytest.mark.parametrize("texts", [TEXTS, []])
def test_a_group_goes_through_a_pipe_unchanged(texts: list[str]) -> None:
    steps = configs("length", "exact_duplicates", min_characters=2)
    looked = Looking(steps, Path(), frozenset())([d for group in groups(*texts) for d in group])
    assert pickle.loads(pickle.dumps(looked)) == looked
    assert [one.num_bytes for one in looked] == [len(text) for text in texts]


def test_a_copy_is_looked_at_to_the_end_and_counted_once(tmp_path: Path) -> None:
    steps = configs("exact_duplicates", "length", min_characters=2)
    one = Cleaning(steps, tmp_path)
    list(one.clean(groups("x", "x", "x")))
    exact, length = one.report()["steps"]
    assert (exact["removed"], length["before"]["documents"], length["removed"]) == (2, 1, 1)
    assert [sample["id"] for sample in length["samples"]] == ["d0"]
