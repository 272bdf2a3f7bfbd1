"""Counting in little memory: exact while there is room, then few keys, true orders of magnitude, and it says so."""

import numpy as np

from glassworks.lm.data.statistics.lengths import Lengths
from glassworks.lm.data.statistics.sources import Sources
from glassworks.lm.data.statistics.tables import FrequentKeys, SampledKeys


def portions(keys: np.ndarray, size: int = 1000) -> list[tuple[np.ndarray, np.ndarray]]:
    return [np.unique(keys[at : at + size], return_counts=True) for at in range(0, len(keys), size)]


def test_frequent_keys_are_exact_while_there_is_room() -> None:
    keys = np.random.default_rng(1).integers(0, 500, 20_000).astype(np.uint64)
    table = FrequentKeys(500)
    for different, counts in portions(keys):
        table.add(different, counts)
        assert len(table.top(10)) == 10
    expected = np.bincount(keys.astype(np.int64))
    listed = table.top(10)
    assert dict(table.top(500)) == {key: int(count) for key, count in enumerate(expected)}
    assert table.num_missed == 0
    assert listed == table.top(500)[:10] == table.top(10)


def test_the_most_frequent_stay_when_there_is_no_room() -> None:
    rng = np.random.default_rng(2)
    rare = rng.integers(1000, 2**60, 90_000).astype(np.uint64)
    frequent = np.repeat(np.arange(20, dtype=np.uint64), 300 + 20 * np.arange(20))
    keys = rng.permutation(np.concatenate([rare, frequent]))
    table = FrequentKeys(3000)
    for different, counts in portions(keys):
        table.add(different, counts)
        assert len(table.keys) <= 3000
    found = table.top(20)
    assert {key for key, _ in found} == set(range(20))
    for key, count in found:
        true = 300 + 20 * key
        assert true - table.num_missed <= count <= true
    assert 0 < table.num_missed < 100


def test_of_equally_frequent_keys_the_least_are_listed() -> None:
    table = FrequentKeys(10)
    table.add(np.array([3, 5, 7, 9], dtype=np.uint64), np.array([1, 4, 1, 1]))
    assert table.top(3) == [(5, 4), (3, 1), (7, 1)]
    assert FrequentKeys(10).top(3) == []


def test_sampled_keys_are_exact_while_there_is_room() -> None:
    table = SampledKeys(100)
    for keys in ([1, 2, 3, 2], [3, 3, 9]):
        table.add_all(np.array(keys, dtype=np.uint64))
    assert (table.num_different, table.num_repeated, table.num_several) == (4, 3, 2)
    assert not table.is_sample


def test_sampled_keys_scale_up() -> None:
    rng = np.random.default_rng(3)
    different = rng.integers(0, 2**64, 50_000, dtype=np.uint64)
    table = SampledKeys(4000)
    for at in range(0, 50_000, 1000):
        table.add_all(different[at : at + 1000])
        table.add_all(different[at : at + 300])
        assert len(table.keys) <= 4000
    assert table.is_sample
    assert abs(table.num_different - 50_000) < 3500
    assert abs(table.num_repeated - 15_000) < 2000
    assert abs(table.num_several - 15_000) < 2000


def test_lengths() -> None:
    lengths = Lengths("bytes")
    lengths.add([])
    lengths.add([0, 1, 2, 3])
    lengths.add([8, 100])
    found = lengths.spec()
    assert [(b.from_, b.to, b.count) for b in found.bins] == [
        (0, 1, 1), (1, 2, 1), (2, 4, 2), (4, 8, 0), (8, 16, 1), (16, 32, 0), (32, 64, 0), (64, 128, 1),
    ]  # fmt: skip
    assert (found.min, found.p10, found.median, found.p90, found.max) == (0, 0, 2, 100, 100)
    assert found.mean == 19
    assert Lengths("tokens").spec().bins == ()


def test_very_many_different_lengths_are_rounded_a_little() -> None:
    lengths = Lengths("bytes")
    for begin in range(0, 200_000, 20_000):
        lengths.add(range(begin, begin + 20_000))
    found = lengths.spec()
    assert lengths.is_rounded
    assert len(lengths._counts) < 10_000
    assert (found.min, found.max, found.mean) == (0, 199_999, 99_999.5)
    for length, exact in ((found.p10, 19_999), (found.median, 99_999), (found.p90, 179_999)):
        assert 0 <= exact - length <= exact / 500


def test_the_largest_sources_stay() -> None:
    sources = Sources(max_sources=100)
    for number in range(1000):
        sources.add(f"small {number}", 1)
        if number % 10 == 0:
            sources.add("large", 500)
        assert len(sources._counts) <= 100
    assert sources.is_estimate
    first = sources.listed()[0]
    assert (first.name, first.num_documents, first.num_bytes) == ("large", 100, 50_000)
    assert len(sources.listed()) == 50
