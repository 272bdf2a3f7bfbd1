"""The benchmarks of data and tokenizers run, small, and say what they compared."""

import pytest

from benchmarks import data, tokenizer
from benchmarks.texts import write_stories
from glassworks.lm.data import DatasetReader


def test_two_cores_beside_one() -> None:
    found = data.measure(megabytes=0.5, rounds=1)
    one, two = found["contestants"]["one core"], found["contestants"]["two cores"]
    assert (one["processes"], two["processes"]) == (1, 2)
    assert one["tokens_per_s"]["median"] > 0
    assert list(found["ratios"]) == ["two cores / one core"]


def test_learning_and_encoding_beside_the_bare_libraries() -> None:
    found = tokenizer.measure(megabytes=0.5, rounds=1, vocab_sizes=(300,))
    assert set(found["ratios"]) == {"tokenize_dataset / tiktoken", "tokenize_dataset / tokenizers"}
    learned = found["figures"]["learn_300"]
    assert learned["stage_s"] > 0 and learned["stage_readable_s"] > 0
    against = learned["tokenizers_s"] / learned["stage_s"]
    assert learned["stage_against_tokenizers"] == pytest.approx(against, rel=0.05)


def test_stories_up_to_a_size_no_two_alike(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("stories") / "made"
    num_bytes = write_stories(folder, 100_000)
    texts = [document.text for document in DatasetReader(folder)]
    assert 100_000 <= num_bytes < 102_000
    assert len(set(texts)) == len(texts) > 100
