"""All figures together: of small texts whose figures are known, and beside a plain count that remembers everything."""

import re
import tracemalloc
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from glassworks.lm.data import Document
from glassworks.lm.data.statistics import Statistics, collecting, ngrams
from glassworks.specs.description import DescriptionSpec, NGramCount

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def describe(texts: list[str], **fields: Any) -> DescriptionSpec:
    return describe_documents(
        Document(f"{n}", text, fields.get("source", "s"), f"{n}", fields.get("meta", {}))
        for n, text in enumerate(texts)
    )


def describe_documents(documents: Any) -> DescriptionSpec:
    statistics = Statistics()
    for document in documents:
        statistics.add(document)
    return statistics.spec()


def shown(counts: tuple[NGramCount, ...]) -> dict[str, int]:
    return {one.text: one.count for one in counts}


def made_texts(num: int, num_words: int = 60) -> list[str]:
    """Texts of words without a period; few are frequent, many are rare."""
    state, texts = 7, []
    for _ in range(num):
        words = []
        for _ in range(num_words):
            state = (state * 1_103_515_245 + 12_345) % 2**31
            words.append(f"W{(state >> 8) % (1 + (state >> 20) % 500)}")
        texts.append(", ".join(words) + ".")
    return texts


def test_known_texts() -> None:
    found = describe(["The cat sat. The cat ran!", "the cat", "Ещё 7 кошек"])
    assert (found.num_documents, found.num_characters, found.num_words) == (3, 43, 11)
    assert found.num_bytes == 25 + 7 + 19
    assert shown(found.ngrams.words) == {
        "the": 3, "cat": 3, "sat": 1, "ran": 1, "ещё": 1, "7": 1, "кошек": 1,
    }  # fmt: skip
    assert shown(found.ngrams.pairs) == {"the cat": 3}
    assert found.ngrams.triples == ()
    assert [(s.name, s.num_characters, s.share) for s in found.scripts] == [
        ("Latin", 24, 0.75),
        ("Cyrillic", 8, 0.25),
    ]
    shares = found.characters
    counted = [shares.letters, shares.digits, shares.spaces, shares.punctuation, shares.other]
    assert [round(share * 43) for share in counted] == [32, 1, 8, 2, 0]
    assert (found.lengths.min, found.lengths.median, found.lengths.max) == (7, 19, 25)
    assert found.lengths.mean == 17
    assert (found.kinds.text, found.kinds.chat, found.tokens, found.has_more) == (3, 0, None, ())


def test_no_documents_and_empty_ones() -> None:
    nothing = describe([])
    assert (nothing.num_documents, nothing.num_words, nothing.lengths.bins) == (0, 0, ())
    empty = describe(["", "", " \n"])
    assert (empty.num_documents, empty.num_characters, empty.num_words) == (3, 2, 0)
    assert empty.duplicates.exact_documents == 2, "nothing is a copy of nothing, blanks aside"
    assert (empty.characters.spaces, empty.scripts) == (1, ())


def test_groups_sources_and_chats() -> None:
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    chats = [
        Document(f"c{n}", "user: Hi\n\nassistant: Hello", "chats", "g", {"messages": messages})
        for n in range(2)
    ]
    found = describe_documents([*chats, Document("t", "A plain text", "book", "h")])
    assert (found.kinds.text, found.kinds.chat) == (1, 2)
    assert (found.num_groups, found.num_sources) == (2, 2)
    assert [(s.name, s.num_documents, s.num_bytes) for s in found.sources] == [
        ("chats", 2, 52),
        ("book", 1, 12),
    ]


def test_more_sources_than_are_listed() -> None:
    found = describe_documents(Document(f"{n}", "x" * n, f"s{n}", "g") for n in range(60))
    assert (found.num_sources, len(found.sources)) == (60, 50)
    assert found.sources[0].name == "s59"
    assert any("60 sources" in told for told in found.has_more)


@pytest.mark.parametrize("portion", [50, 1000, 500_000])
@pytest.mark.parametrize("words_at_once", [7, 100_000])
def test_counts_are_those_of_a_plain_count(
    portion: int, words_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the portions, documents longer than one among them."""
    monkeypatch.setattr(collecting, "PORTION_CHARACTERS", portion)
    monkeypatch.setattr(ngrams, "WORDS_AT_ONCE", words_at_once)
    texts = [*made_texts(12), "", "don’t do DON'T", *made_texts(3, 7)]
    found = describe(texts)
    words, pairs, triples = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        its = [word.replace("’", "'") for word in WORD.findall(text.lower())]
        words.update(its)
        pairs.update(map(" ".join, pairwise(its)))
        triples.update(map(" ".join, zip(its, its[1:], its[2:], strict=False)))
    assert found.num_words == words.total()
    assert found.num_characters == sum(map(len, texts))
    for listed, counts in (
        (found.ngrams.words, words),
        (found.ngrams.pairs, pairs),
        (found.ngrams.triples, triples),
    ):
        repeated = [count for count in sorted(counts.values(), reverse=True)[:30] if count > 1]
        assert [one.count for one in listed if one.count > 1] == repeated
        assert all(counts[one.text] == one.count for one in listed)
    assert not found.ngrams.is_estimate


def test_the_same_figures_again() -> None:
    texts = made_texts(300)
    assert describe(texts) == describe(texts)


def test_a_hundred_thousand_tiny_documents() -> None:
    found = describe_documents(
        Document(f"{n}", f"{n % 70_000} + 1", "sums", f"{n}") for n in range(100_000)
    )
    assert (found.num_documents, found.num_groups) == (100_000, 100_000)
    assert (found.duplicates.exact_documents, found.duplicates.exact_groups) == (30_000, 30_000)
    assert shown(found.ngrams.words)["1"] == 100_002
    assert found.duplicates.near_documents == 0


def test_memory_does_not_grow_with_the_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held after 10 times as many different words, documents, groups is about the same."""
    monkeypatch.setattr(collecting, "PORTION_CHARACTERS", 50_000)
    monkeypatch.setattr(collecting, "MAX_DIFFERENT", 2000)
    monkeypatch.setattr(collecting, "NGrams", lambda: ngrams.NGrams(capacity=2000))
    monkeypatch.setattr(ngrams, "WORDS_AT_ONCE", 5000)

    def peak(num: int) -> int:
        tracemalloc.start()
        describe_documents(
            Document(f"{n}", " ".join(f"w{n}x{k}" for k in range(20)), f"{n}", f"{n}")
            for n in range(num)
        )
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(8000) < peak(800) * 1.3
