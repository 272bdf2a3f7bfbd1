"""Copies and near copies: exact on small sets, a good estimate where only a sample is compared."""

from glassworks.lm.data import Document
from glassworks.lm.data.statistics import Statistics, duplicates
from glassworks.lm.data.statistics.duplicates import NearSample
from glassworks.specs.description import DuplicatesSpec


def found_in(texts: list[str]) -> DuplicatesSpec:
    statistics = Statistics()
    for number, text in enumerate(texts):
        statistics.add(Document(f"{number}", text, "s", f"{number}"))
    return statistics.spec().duplicates


def prose(number: int, num_words: int = 80) -> str:
    return " ".join(f"word{(number * 977 + k * k) % 5000}" for k in range(num_words))


def nearly(text: str) -> str:
    return f"{text} and a little more"


def test_exact_and_near_copies() -> None:
    texts = [prose(1), prose(2), f" {prose(1)}\n", nearly(prose(2)), prose(3), prose(1)]
    found = found_in(texts)
    assert (found.exact_documents, found.exact_groups) == (2, 1)
    assert (found.near_documents, found.near_share) == (1, 0.25)
    assert (found.sampled_documents, found.is_estimate) == (4, False)


def test_a_near_copy_is_no_twin_for_later_ones() -> None:
    assert found_in([prose(1), nearly(prose(1)), nearly(nearly(prose(1)))]).near_documents == 2
    assert found_in([prose(1), prose(2), prose(3)]).near_documents == 0


def test_long_texts_are_compared_by_their_beginnings_and_it_is_said() -> None:
    found = found_in([prose(1, 6000), prose(2, 6000)])
    assert found.is_estimate
    assert found.near_documents == 0


def test_an_estimate_from_a_sample() -> None:
    """Of 6,000 different texts every fifth has a twin; 2,000 are looked at."""
    texts = [prose(n, 40) for n in range(5000)]
    texts += [nearly(text) for text in texts[::5]] + texts[:300]
    found = found_in(texts)
    assert found.exact_documents == 300
    assert found.sampled_documents == duplicates.MAX_SAMPLED
    assert found.is_estimate
    assert 750 < found.near_documents < 1250


def test_the_sample_stays_small() -> None:
    sample = NearSample(max_texts=50, max_characters=3000)
    for number in range(2000):
        key = number * 0x9E3779B97F4A7C15 % 2**64
        sample.add(number, key, "x" * (number % 200))
        assert len(sample._heap) <= 50
        assert sum(len(text) for *_, text in sample._heap) <= 3000
    assert sample.is_part
    assert 10 <= sample.compare()[0] <= 50


def test_the_sample_does_not_depend_on_how_often_a_text_stands_there() -> None:
    sample = NearSample(max_texts=50, max_characters=3000)
    for _ in range(1000):
        sample.add(1, 5, "the same")
    assert sample.compare() == (1, 0)
    assert not sample.is_part
