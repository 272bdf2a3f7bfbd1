"""Two datasets side by side, against a comparison with plain dictionaries."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data import documents as module
from glassworks.lm.data.comparing import SHOWN_CHARACTERS, Digests, compare, difference, hash64

TEXTS = st.dictionaries(st.integers(0, 12).map(str), st.sampled_from("abc"), max_size=12)


def write(folder: Path, texts: dict[str, str]) -> DatasetReader:
    folder.mkdir()
    with DatasetWriter(folder) as writer:
        for id_, text in texts.items():
            writer.add(Document(id_, text, "s", id_))
    return DatasetReader(folder)


def digests(texts: dict[str, str]) -> Digests:
    ids = np.array([hash64(id_.encode()) for id_ in texts], np.uint64)
    return Digests(ids, np.array([hash64(t.encode()) for t in texts.values()], np.uint64), 0)


@given(TEXTS, TEXTS)
def test_the_same_as_with_plain_dictionaries(old: dict[str, str], new: dict[str, str]) -> None:
    found = difference(digests(old), digests(new))
    ids_old, ids_new = list(old), list(new)
    shared = old.keys() & new.keys()
    assert found.num_same == sum(old[i] == new[i] for i in shared)
    changed = {(ids_old[a], ids_new[b]) for a, b in zip(*found.changed, strict=True)}
    assert changed == {(i, i) for i in shared if old[i] != new[i]}
    gone = Counter(text for i, text in old.items() if i not in shared)
    came = Counter(text for i, text in new.items() if i not in shared)
    renamed = [(ids_old[a], ids_new[b]) for a, b in zip(*found.renamed, strict=True)]
    assert all(old[a] == new[b] and a not in shared and b not in shared for a, b in renamed)
    assert len({a for a, _ in renamed}) == len({b for _, b in renamed}) == len(renamed)
    assert Counter(old[a] for a, _ in renamed) == gone & came
    assert Counter(old[ids_old[a]] for a in found.removed) == gone - came
    assert Counter(new[ids_new[b]] for b in found.added) == came - gone
    assert list(found.added) == sorted(found.added)


def test_counts_sizes_and_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROW_GROUP_DOCUMENTS", 2)
    long = "word " * 400
    old = {"a": "same", "b": "gone", "c": "moved", "d": long + "old end", "e": "größer"}
    new = {"a": "same", "c/c": "moved", "d": long + "new end", "e": "grösser", "f": "x" * 700}
    found = compare(write(tmp_path / "a", old), write(tmp_path / "b", new), 5)
    counts = {name: found[name] for name in ("added", "removed", "changed", "renamed", "same")}
    assert counts == {"added": 1, "removed": 1, "changed": 2, "renamed": 1, "same": 1}
    assert found["num_bytes_before"] == sum(len(text.encode()) for text in old.values())
    assert found["num_bytes_after"] == sum(len(text.encode()) for text in new.values())
    examples = found["examples"]
    (added,) = examples["added"]
    assert (added["id"], added["ordinal"], added["is_cut"]) == ("f", 4, True)
    assert len(added["text"]) == SHOWN_CHARACTERS
    assert [one["id"] for one in examples["removed"]] == ["b"]
    first, second = examples["changed"]
    assert first["start"] == 2000 - 80
    assert first["before"].endswith("word old end") and first["after"].endswith("word new end")
    assert (second["before"], second["after"], second["start"]) == ("größer", "grösser", 0)
    assert [(one["before"], one["after"]) for one in examples["renamed"]] == [("c", "c/c")]


def test_no_more_examples_than_asked_for(tmp_path: Path) -> None:
    old = write(tmp_path / "a", {str(n): f"old {n}" for n in range(9)})
    new = write(tmp_path / "b", {str(n): f"new {n}" for n in range(5, 20)})
    found = compare(old, new, 2)
    assert (found["added"], found["removed"], found["changed"]) == (11, 5, 4)
    assert {kind: len(some) for kind, some in found["examples"].items()} == {
        "added": 2,
        "removed": 2,
        "changed": 2,
        "renamed": 0,
    }
