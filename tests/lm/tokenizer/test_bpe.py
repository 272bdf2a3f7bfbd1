"""The readable BPE cuts, learns and encodes exactly as the library does."""

import os
from collections import Counter
from collections.abc import Iterator
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, pre_tokenizers

from glassworks.lm.tokenizer.bpe import (
    BytePairEncoder,
    MergeStep,
    count_pieces,
    cut_into_pieces,
    learn_merges,
    merge_word,
    ranks_of,
)
from glassworks.lm.tokenizer.bpe.merging import pairs_beside
from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN, kind_of
from glassworks.lm.tokenizer.byte_alphabet import to_bytes
from glassworks.lm.tokenizer.layout import merges_of
from glassworks.lm.tokenizer.trainers import _byte_merges
from glassworks.lm.tokenizer.trainers.base import TrainedTokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE, byte_level_tokenizer
from tests.lm.tokenizer.plays import plays

TEXTS = st.text(st.characters(codec="utf-8"))
PROSE = st.lists(
    st.sampled_from(
        [*"abyz'sd019 \n\t.,-é的\u0301\u00a0\u3000😀", "'ll", "'ve", "  ", "the", " the"]
    )
).map("".join)
FEW_LETTERS = st.text(st.sampled_from("aaab b"), min_size=1, max_size=80)


def both_trainers(texts: list[str], vocab_size: int) -> tuple[TrainedTokenizer, TrainedTokenizer]:
    config = ByteBPE.Config(vocab_size=vocab_size, implementation="fast")
    readable = config.model_copy(update={"implementation": "readable"})
    return ByteBPE.train(config, iter(texts)), ByteBPE.train(readable, iter(texts))


def encoder_of(inner: Tokenizer) -> BytePairEncoder:
    ids = {to_bytes(token): id_ for token, id_ in inner.get_vocab().items() if token != "<|end|>"}
    return BytePairEncoder(ids, [(to_bytes(a), to_bytes(b)) for a, b in merges_of(inner)])


@settings(max_examples=500, deadline=None)
@given(TEXTS | PROSE)
def test_text_is_cut_as_by_the_pattern(text: str) -> None:
    split = pre_tokenizers.Split(Regex(GPT2_PATTERN), "isolated")
    assert cut_into_pieces(text) == [piece for piece, _ in split.pre_tokenize_str(text)]
    assert count_pieces([text]) == Counter(cut_into_pieces(text))


@pytest.mark.parametrize(
    ("kind", "pattern"), [("letter", r"\p{L}"), ("number", r"\p{N}"), ("space", r"\s")]
)
def test_every_character_is_of_the_kind_that_the_library_sees(kind: str, pattern: str) -> None:
    """All 1.1 million of them, also those that this Python's Unicode does not have."""
    without = pre_tokenizers.Split(Regex(pattern), "removed")
    characters = [chr(n) for n in range(0x110000) if not 0xD800 <= n < 0xE000]
    for start in range(0, len(characters), 1 << 14):
        block = "".join(characters[start : start + (1 << 14)])
        others = "".join(piece for piece, _ in without.pre_tokenize_str(block))
        assert others == "".join(c for c in block if kind_of(c) != kind)


@pytest.mark.parametrize("vocab_size", [1024, 4096])
def test_the_same_merges_on_the_plays(vocab_size: int) -> None:
    fast, readable = both_trainers(list(plays()), vocab_size)
    assert merges_of(readable.inner) == merges_of(fast.inner)
    assert len(merges_of(fast.inner)) == vocab_size - 257
    assert readable.inner.to_str() == fast.inner.to_str()


def test_when_all_is_read_the_library_goes_on_with_one_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(_byte_merges.PARALLELISM, "true")
    seen = [os.environ[_byte_merges.PARALLELISM] for _ in _byte_merges._then_alone(iter("ab"))]
    assert (seen, os.environ[_byte_merges.PARALLELISM]) == (["true", "true"], "false")


@pytest.mark.parametrize("before", [{}, {"TOKENIZERS_PARALLELISM": "true"}])
def test_the_switch_of_the_library_is_put_back(
    before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKENIZERS_PARALLELISM", raising=False)
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    environment = dict(os.environ)
    config = ByteBPE.Config(vocab_size=258, implementation="fast")

    def breaking() -> Iterator[str]:
        yield "ab ab"
        raise InterruptedError

    assert merges_of(ByteBPE.train(config, iter(["ab ab"])).inner) == [("a", "b")]
    assert dict(os.environ) == environment
    with pytest.raises(InterruptedError):
        ByteBPE.train(config, breaking())
    assert dict(os.environ) == environment


@settings(max_examples=200, deadline=None)
@given(FEW_LETTERS, st.integers(1, 3), st.integers(0, 40))
def test_the_same_merges_where_nearly_all_is_a_tie(text: str, least: int, num: int) -> None:
    config = ByteBPE.Config(
        vocab_size=257 + num, min_frequency=least, fit="text", implementation="fast"
    )
    text += " x" * 50 * num  # enough bytes for all merges
    readable = config.model_copy(update={"implementation": "readable"})
    one, other = (ByteBPE.train(c, iter([text])).inner.to_str() for c in (config, readable))
    assert one == other


@settings(max_examples=300, deadline=None)
@given(TEXTS | PROSE)
def test_the_same_ids(text: str) -> None:
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=300), iter([SAMPLE])).inner
    assert encoder_of(inner).encode(text) == inner.encode(text).ids


SAMPLE = "The quick brown fox can't jump over the lazy dog's 1024 boxes; the dog'll see.\n" * 9


def test_a_word_is_merged_in_the_order_of_learning() -> None:
    ranks = ranks_of([(b"o", b"n"), (b"i", b"on"), (b"n", b"i")])
    tokens, steps = merge_word([b"n", b"i", b"o", b"n"], ranks)
    assert tokens == [b"n", b"ion"]
    assert steps == [MergeStep(0, (b"o", b"n"), 2), MergeStep(1, (b"i", b"on"), 1)]


def test_learning_counts_words_not_texts() -> None:
    ab, cd = (0, 1), (2, 3)
    assert learn_merges({ab: 2, cd: 3}, 4, 9) == [cd, ab]
    assert learn_merges({ab: 3, cd: 3}, 4, 9) == [ab, cd]  # a tie: lower numbers first
    assert learn_merges({ab: 2, cd: 3}, 4, 9, min_frequency=3) == [cd]
    assert learn_merges({ab: 2, cd: 3}, 4, 1) == [cd]


@settings(max_examples=300, deadline=None)
@given(st.text("abc", max_size=12), st.text("abc", min_size=2, max_size=2))
def test_only_pairs_beside_a_merge_change(word: str, pair: str) -> None:
    def pairs(of: str) -> Counter[str]:
        return Counter(map(add, of, of[1:]))

    new = word.replace(pair, "X")
    expected = pairs(word)
    expected.subtract({pair: new.count("X")})
    for lost, gained in pairs_beside(new, pair, "X"):
        expected.subtract([lost])
        expected[gained] += 1
    assert +expected == pairs(new)
    assert min(expected.values(), default=0) >= 0


def test_each_merge_is_told() -> None:
    told: list[tuple[int, int]] = []
    config = ByteBPE.Config(vocab_size=270, implementation="readable")
    ByteBPE.train(config, iter([SAMPLE]), lambda done, total: told.append((done, total)))
    assert told == [(n, 13) for n in range(1, 14)]
    assert byte_level_tokenizer([], []).get_vocab_size() == 256
    assert config.hashed() == ByteBPE.Config(vocab_size=270).hashed()  # the same key: same result


@given(PROSE | TEXTS, st.integers(1, 5))
def test_portions_of_a_text_have_the_pieces_of_the_whole(text: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_byte_merges, "PORTION_CHARACTERS", size)
        portions = list(_byte_merges._in_portions([text]))
    pieces = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str
    assert "".join(portions) == text
    assert [p for part in portions for p, _ in pieces(part)] == [p for p, _ in pieces(text)]
