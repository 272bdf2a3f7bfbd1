"""Two datasets side by side: what came, what went, what changed.

In: two datasets. Out: counts, and the places of some examples. Documents are matched by their ids; what has no partner there is
matched by its text (`renamed`: a file that moved). Each dataset is read once and 16 bytes a document are kept: the first 64 bits
of BLAKE2b of its id and of its text. Two of 10 million documents fall together with a probability of about 3 in a million.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassworks.lm.data.documents import DatasetReader

SHOWN_CHARACTERS = 600
LEAD_CHARACTERS = 80
"""Shown before the first difference of a changed text."""
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Digests:
    """What is kept of a dataset: a hash of each id and of each text, in order, and the bytes of all texts."""

    ids: Hashes
    texts: Hashes
    num_bytes: int


@dataclass(frozen=True)
class Difference:
    """Places of documents: `added` in the new dataset, `removed` in the old one, the others as (old, new) pairs."""

    added: Places
    removed: Places
    changed: tuple[Places, Places]
    renamed: tuple[Places, Places]
    num_same: int


def compare(before: DatasetReader, after: DatasetReader, num_examples: int) -> dict[str, Any]:
    """Counts, sizes and examples of each kind, the first ones in order. Raises BadData for a damaged table."""
    old, new = digest(before), digest(after)
    found = difference(old, new)
    return {
        "added": len(found.added),
        "removed": len(found.removed),
        "changed": len(found.changed[0]),
        "renamed": len(found.renamed[0]),
        "same": found.num_same,
        "num_documents_before": len(old.ids),
        "num_documents_after": len(new.ids),
        "num_bytes_before": old.num_bytes,
        "num_bytes_after": new.num_bytes,
        "examples": {
            "added": list(_shown(after, found.added[:num_examples])),
            "removed": list(_shown(before, found.removed[:num_examples])),
            "changed": list(_changed(before, after, _first(found.changed, num_examples))),
            "renamed": list(_renamed(before, after, _first(found.renamed, num_examples))),
        },
    }


def digest(dataset: DatasetReader) -> Digests:
    """Read a dataset once, keeping 16 bytes a document."""
    ids = np.empty(dataset.num_documents, np.uint64)
    texts = np.empty(dataset.num_documents, np.uint64)
    num_bytes = 0
    for place, row in enumerate(dataset.rows("id", "text")):
        text = row["text"].encode()
        ids[place], texts[place] = hash64(row["id"].encode()), hash64(text)
        num_bytes += len(text)
    return Digests(ids, texts, num_bytes)


def difference(old: Digests, new: Digests) -> Difference:
    """By id first, then by text; all places in order."""
    _, at_old, at_new = np.intersect1d(old.ids, new.ids, return_indices=True)
    is_same = old.texts[at_old] == new.texts[at_new]
    order = np.argsort(at_new[~is_same])
    changed = (at_old[~is_same][order], at_new[~is_same][order])
    left_old = np.delete(np.arange(len(old.ids)), at_old)
    left_new = np.delete(np.arange(len(new.ids)), at_new)
    pairs_old, pairs_new = _same_texts(old.texts[left_old], new.texts[left_new])
    order = np.argsort(left_new[pairs_new])
    return Difference(
        added=np.delete(left_new, pairs_new),
        removed=np.delete(left_old, pairs_old),
        changed=changed,
        renamed=(left_old[pairs_old][order], left_new[pairs_new][order]),
        num_same=int(is_same.sum()),
    )


def _same_texts(old: Hashes, new: Hashes) -> tuple[Places, Places]:
    """Pairs of places with the same text; of a text that stands there several times as many as both have."""
    order_old, order_new = np.argsort(old, kind="stable"), np.argsort(new, kind="stable")
    keys_old, keys_new = _numbered(old[order_old]), _numbered(new[order_new])
    _, at_old, at_new = np.intersect1d(keys_old, keys_new, assume_unique=True, return_indices=True)
    return order_old[at_old], order_new[at_new]


def _numbered(ordered: Hashes) -> NDArray[Any]:
    """(hash, how many of the same stand before it) of each: no two alike."""
    begins = np.r_[True, ordered[1:] != ordered[:-1]] if len(ordered) else np.zeros(0, bool)
    places = np.arange(len(ordered))
    first = np.maximum.accumulate(np.where(begins, places, 0)) if len(ordered) else places
    keys = np.empty(len(ordered), [("hash", np.uint64), ("number", np.int64)])
    keys["hash"], keys["number"] = ordered, places - first
    return keys


def hash64(data: bytes) -> int:
    """The first 64 bits of BLAKE2b."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def _first(pairs: tuple[Places, Places], num: int) -> list[tuple[int, int]]:
    return list(zip(pairs[0][:num].tolist(), pairs[1][:num].tolist(), strict=True))


def _shown(dataset: DatasetReader, places: Places) -> Iterator[dict[str, Any]]:
    for place, document in dataset.at(places.tolist()):
        yield {
            "ordinal": place,
            "id": document.id,
            "source": document.source,
            "num_bytes": document.num_bytes,
            "text": document.text[:SHOWN_CHARACTERS],
            "is_cut": len(document.text) > SHOWN_CHARACTERS,
        }


def _changed(
    before: DatasetReader, after: DatasetReader, pairs: list[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """Both texts from shortly before their first difference on."""
    old, new = _both(before, after, pairs)
    for at_old, at_new in pairs:
        one, other = old[at_old].text, new[at_new].text
        start = max(0, _num_alike(one, other) - LEAD_CHARACTERS)
        yield {
            "id": new[at_new].id,
            "source": new[at_new].source,
            "ordinal_before": at_old,
            "ordinal_after": at_new,
            "start": start,
            "before": one[start : start + SHOWN_CHARACTERS],
            "after": other[start : start + SHOWN_CHARACTERS],
        }


def _renamed(
    before: DatasetReader, after: DatasetReader, pairs: list[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    old, new = _both(before, after, pairs)
    for at_old, at_new in pairs:
        yield {
            "ordinal_before": at_old,
            "ordinal_after": at_new,
            "before": old[at_old].id,
            "after": new[at_new].id,
        }


def _both(before: DatasetReader, after: DatasetReader, pairs: list[tuple[int, int]]) -> Any:
    return dict(before.at(old for old, _ in pairs)), dict(after.at(new for _, new in pairs))


def _num_alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
