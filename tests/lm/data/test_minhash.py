"""Near duplicates are found as if each document were compared with all earlier ones, in whatever portions they come."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.lm.data import minhash, sorted_runs
from glassworks.lm.data.minhash import NUM_HASHES, NearIndex, band_keys, signature, similarity
from glassworks.lm.data.sorted_runs import SortedRuns

ENTRIES = st.lists(st.lists(st.integers(0, 9), max_size=30), max_size=12)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, st.lists(st.integers(0, 12), max_size=20), st.integers(1, 5))
def test_numbers_are_found_by_their_key(
    tmp_path_factory: pytest.TempPathFactory,
    portions: list[list[int]],
    asked: list[int],
    limit: int,
) -> None:
    runs, number = SortedRuns(tmp_path_factory.mktemp("runs")), 0
    expected: dict[int, list[int]] = {}
    for portion in portions:
        numbers = np.arange(number, number + len(portion))
        runs.add(np.array(portion, dtype=np.uint64), numbers)
        for key in portion:
            expected.setdefault(key, []).append(number)
            number += 1
    places, found = runs.find(np.array(asked, dtype=np.uint64), limit)
    for place, key in enumerate(asked):
        assert sorted(found[places == place].tolist()) == expected.get(key, [])[:limit]


def test_like_sized_runs_are_merged_up_to_the_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_runs, "MAX_RUN", 40)
    runs = SortedRuns(tmp_path)
    for at in range(16):
        runs.add(np.arange(10, dtype=np.uint64), np.arange(10 * at, 10 * at + 10))
    assert runs._sizes == [40, 40, 40, 40]
    _, found = runs.find(np.array([3], dtype=np.uint64), 100)
    assert found.tolist() == [10 * at + 3 for at in range(16)]


def texts() -> list[str]:
    """Families of texts that share more or less; some members are far enough from the first to stay."""
    made = []
    for n in range(120):
        family, member = n % 20, n // 20
        words = [f"w{family}-{k}" for k in range(80)]
        words[: 4 * member] = [f"w{n}-{k}" for k in range(4 * member)]
        made.append(" ".join(words))
    return made


@pytest.mark.parametrize("portion", [1, 7, 120])
def test_the_most_alike_of_those_that_stay(
    tmp_path: Path, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minhash, "AT_ONCE", 50)
    monkeypatch.setattr(minhash, "PAIRS_AT_ONCE", 16)
    signatures = np.stack([signature(text) for text in texts()])
    index = NearIndex(tmp_path, 0.7)
    found = []
    for at in range(0, len(signatures), portion):
        ids = [f"d{n}" for n in range(at, min(at + portion, len(signatures)))]
        found += index.match(ids, signatures[at : at + portion])
    index.close()
    expected = one_by_one(signatures, 0.7)
    assert [(m.id, m.similarity) if m else None for m in found] == expected
    assert 20 < expected.count(None) < 100


def one_by_one(signatures: np.ndarray, threshold: float) -> list[tuple[str, float] | None]:
    """Each document beside all that stayed and share a band."""
    keys = band_keys(signatures, minhash.rows_for(threshold))
    stayed: list[int] = []
    verdicts: list[tuple[str, float] | None] = []
    for at, one in enumerate(signatures):
        alike = [
            (similarity(one, signatures[k]), -k) for k in stayed if (keys[at] == keys[k]).any()
        ]
        share, place = max(alike, default=(0.0, 0))
        if share >= threshold:
            verdicts.append((f"d{-place}", share))
        else:
            verdicts.append(None)
            stayed.append(at)
    return verdicts


def test_a_band_has_a_key_of_its_own() -> None:
    row = np.arange(NUM_HASHES, dtype=np.uint32)
    other = row.copy()
    other[9] += 1
    equal = band_keys(np.stack([row, other]), 4)
    assert (equal[0] != equal[1]).nonzero()[0].tolist() == [2]
    same = band_keys(np.zeros((1, NUM_HASHES), dtype=np.uint32), 4)
    assert len(np.unique(same)) == 32
