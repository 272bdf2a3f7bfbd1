"""The fast encoder gives the library's ids, and is taken only where that is proven."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.bpe import BytePairEncoder
from glassworks.lm.tokenizer.byte_alphabet import to_bytes
from glassworks.lm.tokenizer.encoders import LONG_RUN, LibraryEncoder, agrees_with_ranks
from glassworks.lm.tokenizer.layout import layout_of, merges_of
from glassworks.lm.tokenizer.patterns import PATTERNS
from glassworks.lm.tokenizer.tokenizer import SpecialToken
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from tests.lm.tokenizer.plays import plays
from tests.lm.tokenizer.test_bpe import PROSE, TEXTS

WORDS = st.lists(
    st.sampled_from(
        ["the", "The", "THE", "thou'ſt", "I'LL", "don't", "'S", "ſ", "K", "é", "12345", "٣٤", "\r\n",
         "\n\n", "\t", " ", "   ", "/", "//\n", "…", "ʰ", "न\u094d", "<|end|>", "😀", "\u3000", "ǅ"]
    )
).map("".join)  # fmt: skip


def trained(pattern: str) -> tokenizers.Tokenizer:
    """1,000 tokens of two plays, cut by `pattern`."""
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=1000), iter(plays()[:2])).inner
    document = json.loads(inner.to_str())
    split = {
        "type": "Split",
        "pattern": {"Regex": pattern},
        "behavior": "Isolated",
        "invert": False,
    }
    level = document["pre_tokenizer"] | {"use_regex": False}
    document["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, level]}
    return tokenizers.Tokenizer.from_str(json.dumps(document))


@pytest.fixture(scope="module", params=sorted(PATTERNS))
def tokenizer(request: pytest.FixtureRequest) -> Iterator[Tokenizer]:
    inner = trained(PATTERNS[request.param])
    yield Tokenizer(inner, {"end": SpecialToken("<|end|>", 0)})


@settings(max_examples=150, deadline=None)
@given(TEXTS | PROSE | WORDS)
def test_the_same_ids_on_any_text(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.encoder_name == "tiktoken"
    ids = LibraryEncoder(tokenizer._inner).encode(text)
    assert tokenizer.encode(text) == ids
    assert tokenizer.encode_many([text, "a"])[0] == ids
    assert tokenizer.decode_bytes(ids) == text.encode()


def test_the_same_ids_on_every_character_and_on_the_plays(tokenizer: Tokenizer) -> None:
    characters = [chr(n) for n in range(0x20000) if not 0xD800 <= n < 0xE000]
    blocks = [
        beside.join(characters[start : start + 4096])
        for start in range(0, len(characters), 4096)
        for beside in ("a", "'", " ")
    ]
    texts = [*blocks, *plays()[2:4]]
    assert tokenizer.encode_many(texts) == LibraryEncoder(tokenizer._inner).encode_many(texts)


@settings(max_examples=300, deadline=None)
@given(st.binary() | TEXTS.map(lambda text: text.encode("utf-16")))
def test_any_bytes_come_back(bpe: Tokenizer, data: bytes) -> None:
    ids = bpe.encode_bytes(data)
    assert bpe.decode_bytes(ids) == data
    assert ids == readable(bpe).encode_bytes(data)


@pytest.fixture(scope="module")
def bpe() -> Tokenizer:
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=1000), iter(plays()[:2])).inner
    return Tokenizer(inner, {"end": SpecialToken("<|end|>", 0)})


def readable(tokenizer: Tokenizer) -> BytePairEncoder:
    ids = {token: id_ for id_, token in enumerate(tokenizer.token_bytes)}
    merges = [(to_bytes(a), to_bytes(b)) for a, b in merges_of(tokenizer._inner)]
    return BytePairEncoder(ids, merges)


def test_half_a_character_is_told(bpe: Tokenizer) -> None:
    for call in (bpe.encode, lambda text: bpe.encode_many(["a", text])):
        with pytest.raises(BadData, match=r"Character 2 .* half a character") as caught:
            call("ab\ud83dc")
        assert caught.value.code == "lone-surrogate"


def test_very_long_runs_do_not_end_the_process(bpe: Tokenizer) -> None:
    for text in (" " * 1_000_001 + "a", "\n" * LONG_RUN, "a" * 1_000_000):
        assert bpe.decode(bpe.encode(text)) == text
        assert bpe.decode(bpe.encode_many([text, "b"])[0]) == text


def changed(bpe: Tokenizer, **model: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bpe.to_json())
    document["model"] |= model
    return document


def test_an_order_that_ranks_cannot_tell_is_refused(bpe: Tokenizer) -> None:
    document = changed(bpe)
    assert agrees_with_ranks(layout_of(document), {"<|end|>"})
    merges, vocab = document["model"]["merges"], document["model"]["vocab"]
    last = "".join(merges[-1])
    swapped = vocab | {"".join(merges[0]): vocab[last], last: vocab["".join(merges[0])]}
    without_a_byte = {token: id_ for token, id_ in vocab.items() if token != "Q"}
    for wrong in (
        changed(bpe, vocab=swapped),  # ids in another order than the merges
        changed(bpe, vocab=without_a_byte),
        changed(bpe, merges=merges[:-1]),  # a token that no merge makes
        changed(bpe, merges=[*merges, ["t", "h"]]),  # two ways to one token
        changed(bpe, dropout=0.1),
        changed(bpe, byte_fallback=True),
        document | {"normalizer": {"type": "NFC"}},
        document | {"pre_tokenizer": {"type": "Whitespace"}},
        document | {"added_tokens": [{"content": "the king"}]},
    ):
        assert not agrees_with_ranks(layout_of(wrong), {"<|end|>"})


def test_a_token_that_its_merges_never_reach_is_refused() -> None:
    """`abc` is `a`+`bc`, but `ab` is merged first: ranks would find `ab`+`c`, the merge list never does."""
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=257), iter([""])).inner
    document = json.loads(inner.to_str())
    document["model"]["vocab"] |= {"ab": 257, "bc": 258, "abc": 259}
    document["model"]["merges"] = [["a", "b"], ["b", "c"], ["a", "bc"]]
    tokenizer = Tokenizer(tokenizers.Tokenizer.from_str(json.dumps(document)), {})
    assert tokenizer.encoder_name == "tokenizers"
    assert [tokenizer.spelling(id_) for id_ in tokenizer.encode("abc")] == ["ab", "c"]


def test_bytes_need_a_token_for_each_byte() -> None:
    document = json.loads(ByteBPE.train(ByteBPE.Config(vocab_size=257), iter([""])).inner.to_str())
    document["pre_tokenizer"] = {"type": "Whitespace"}
    words = Tokenizer(tokenizers.Tokenizer.from_str(json.dumps(document)), {})
    with pytest.raises(InvalidSpec, match="reads text only"):
        words.encode_bytes(b"\xff")
