"""Cleaning as a library: what is counted is told while it goes on, and what was looked at too much is not counted."""

import pickle
from pathlib import Path
from typing import Any

from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data.cleaning import Cleaning, Looking
from glassworks.lm.data.documents import RowGroup, documents_in
from glassworks.lm.data.filters import FILTERS, Removed

TEXTS = ["one two three", "one two three", "x", "four five six", "y"]


def configs(*kinds: str, **settings: Any) -> list[Any]:
    return [FILTERS.load(kind).Config(**(settings if kind == "length" else {})) for kind in kinds]


def groups(folder: Path, *texts: str, size: int = 2) -> list[RowGroup]:
    """Row groups of `size` documents, each in a dataset of its own."""
    documents = [Document(f"d{n}", text, "s", "g", {"n": n}) for n, text in enumerate(texts)]
    found = []
    for at in range(0, len(documents), size):
        (here := folder / f"group-{at}").mkdir(parents=True)
        with DatasetWriter(here) as writer:
            for document in documents[at : at + size]:
                writer.add(document)
        found += DatasetReader(here).row_groups()
    return found


def scratch(folder: Path) -> Path:
    (made := folder / "scratch").mkdir()
    return made


def test_counts_grow_with_each_group(tmp_path: Path) -> None:
    steps = configs("exact_duplicates", "length", min_characters=2)
    one = Cleaning(steps, scratch(tmp_path))
    kept, told = [], []
    for rows in one.clean(groups(tmp_path, *TEXTS)):
        kept.append([document.id for document in documents_in(rows)])
        told.append([(step.documents_before, step.documents_after) for step in one.steps])
    assert kept == [["d0"], ["d3"], []]
    assert told == [[(2, 1), (1, 1)], [(4, 3), (3, 2)], [(5, 4), (4, 2)]]
    sizes = [(step["before"]["bytes"], step["after"]["bytes"]) for step in one.report()["steps"]]
    assert sizes == [(13 + 13 + 1 + 13 + 1, 13 + 1 + 13 + 1), (13 + 1 + 13 + 1, 13 + 13)]


def test_a_document_that_a_step_takes_out_is_not_looked_at_further(tmp_path: Path) -> None:
    steps = configs("length", "exact_duplicates", min_characters=2)
    (group,) = groups(tmp_path, "x")
    looked = Looking(steps, Path(), frozenset())(group)
    assert [list(found) for found in looked.found] == [[0], []]
    put_back = Looking(steps, Path(), frozenset(["d0"]))(group)
    assert [type(found[0]) for found in put_back.found] == [Removed, bytes]


def test_changed_documents_stand_in_their_rows(tmp_path: Path) -> None:
    """What a step changed is what the next one sees; rows around it stay as they are, in order."""
    steps = configs("normalize_unicode", "length", min_characters=2)
    one = Cleaning(steps, scratch(tmp_path))
    (rows,) = one.clean(groups(tmp_path, "plain", "e\u0301", "cafe\u0301", "end", size=4))
    kept = [(document.id, document.text, document.meta) for document in documents_in(rows)]
    assert kept == [("d0", "plain", {"n": 0}), ("d2", "café", {"n": 2}), ("d3", "end", {"n": 3})]
    normalize, length = one.steps
    assert (normalize.num_changed, normalize.bytes_before, normalize.bytes_after) == (2, 17, 15)
    assert (length.num_removed, length.bytes_after) == (1, 13)


def test_a_group_goes_through_a_pipe_unchanged(tmp_path: Path) -> None:
    steps = configs("length", "exact_duplicates", min_characters=2)
    (group,) = groups(tmp_path, *TEXTS, size=9)
    looked = Looking(steps, Path(), frozenset())(group)
    again = pickle.loads(pickle.dumps(looked))
    assert again.rows.equals(looked.rows)
    assert (again.found, again.durations_s) == (looked.found, looked.durations_s)


def test_a_copy_is_looked_at_to_the_end_and_counted_once(tmp_path: Path) -> None:
    steps = configs("exact_duplicates", "length", min_characters=2)
    one = Cleaning(steps, scratch(tmp_path))
    list(one.clean(groups(tmp_path, "x", "x", "x")))
    exact, length = one.report()["steps"]
    assert (exact["removed"], length["before"]["documents"], length["removed"]) == (2, 1, 1)
    assert [sample["id"] for sample in length["samples"]] == ["d0"]
