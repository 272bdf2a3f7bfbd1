"""Looking into tokenizers: every step shown is a step that happens, every figure is counted."""

import json
from collections import Counter

import pytest
import tokenizers
from hypothesis import given, settings

from glassworks.common.errors import InvalidSpec, LimitReached
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.analysis.compare import MIN_TEXTS, compare
from glassworks.lm.tokenizer.analysis.spans import spans
from glassworks.lm.tokenizer.analysis.texts import kind_of_text, script_of
from glassworks.lm.tokenizer.analysis.tokens import view_token
from glassworks.lm.tokenizer.analysis.trace import trace
from glassworks.lm.tokenizer.analysis.vocabulary import browse, count_tokens, family, vocabulary
from glassworks.lm.tokenizer.analysis.what_if import token_curve, what_if
from glassworks.lm.tokenizer.tokenizer import SpecialToken
from glassworks.lm.tokenizer.trainers import TRAINERS
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from tests.lm.tokenizer.plays import plays
from tests.lm.tokenizer.test_bpe import PROSE, TEXTS

LEARNED = plays()[0][:80_000]
FRESH = plays()[1][:30_000]


def of_size(size: int) -> Tokenizer:
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=size), iter([LEARNED])).inner
    return Tokenizer(inner, {"end": SpecialToken("<|end|>", 0)})


def of_kind(kind: str) -> Tokenizer:
    trainer = TRAINERS.load(kind)
    inner = trainer.train(trainer.Config(), iter([LEARNED])).inner
    return Tokenizer(inner, {"end": SpecialToken("<|end|>", 0)})


@pytest.fixture(scope="module")
def bpe() -> Tokenizer:
    return of_size(700)


@pytest.fixture(scope="module")
def others() -> dict[str, Tokenizer]:
    return {kind: of_kind(kind) for kind in ("byte", "character", "wordpiece", "unigram")}


@settings(max_examples=200, deadline=None)
@given(TEXTS | PROSE)
def test_a_trace_ends_where_encoding_ends(bpe: Tokenizer, text: str) -> None:
    found = trace(bpe, text)
    ids = bpe.encode(text)
    assert list(found.ids) == ids == [token.id for word in found.words for token in word.tokens]
    assert bytes.fromhex("".join(word.hex for word in found.words)) == text.encode()
    ranks = [merge.rank for merge in found.merges]
    assert ranks == sorted(ranks)
    last = found.symbols_after(len(ranks))
    assert [bpe.spelling(id_) for id_ in ids] == [symbol for word in last for symbol in word]
    assert sum(map(len, found.symbols_after(0))) == len(text.encode()) == len(ids) + len(ranks)


def test_a_trace_names_each_merge(bpe: Tokenizer) -> None:
    found = trace(bpe, " the the")
    assert [word.text for word in found.words] == [" the", " the"]
    first = found.merges[0]
    assert (first.left, first.right) == bpe.layout.merges[first.rank]
    assert bpe.spelling(first.id) == first.left + first.right
    assert [merge.word for merge in found.merges[:2]] == [0, 1]
    assert json.loads(json.dumps(found.to_json()))["words"][0]["hex"] == b" the".hex()
    with pytest.raises(LimitReached, match="5,001"):
        trace(bpe, "a" * 5001)


def test_kinds_without_merges_have_words_and_tokens(others: dict[str, Tokenizer]) -> None:
    for kind, tokenizer in others.items():
        found = trace(tokenizer, "Enter the king.")
        assert list(found.ids) == [token.id for word in found.words for token in word.tokens], kind
        assert found.merges == ()


def test_a_word_taken_whole_needs_no_merges(bpe: Tokenizer) -> None:
    document = json.loads(bpe.to_json())
    document["model"]["ignore_merges"] = True
    whole = Tokenizer(tokenizers.Tokenizer.from_str(json.dumps(document)), bpe.roles)
    assert trace(whole, " the").merges == ()
    assert trace(whole, " thewwq").merges != ()
    assert trace(whole, " the").ids == trace(bpe, " the").ids


def test_characters_that_fall_back_to_bytes() -> None:
    """As in Mistral's and Llama 2's files: characters, and bytes for those that are not there."""
    vocab = {"a": 0, "b": 1, "ab": 2} | {f"<0x{byte:02X}>": 3 + byte for byte in range(256)}
    model = tokenizers.models.BPE(vocab=vocab, merges=[("a", "b")], byte_fallback=True)
    tokenizer = Tokenizer(tokenizers.Tokenizer(model), {})
    found = trace(tokenizer, "ab\u00e9")
    assert list(found.ids) == tokenizer.encode("ab\u00e9") == [2, 3 + 0xC3, 3 + 0xA9]
    assert found.words[0].symbols == ("a", "b", "<0xC3>", "<0xA9>")
    assert tokenizer.token_bytes[3 + 0xC3] == b"\xc3"


def test_tokens_as_they_are_shown(bpe: Tokenizer) -> None:
    shown = view_token(bpe, 0)
    assert (shown.text, shown.hex, shown.is_special) == ("<|end|>", "", True)
    half = bpe.encode("\u00e9")[0]
    assert view_token(bpe, half).text == "\ufffd"
    assert view_token(bpe, half).hex == "c3"


def test_a_comparison_counts_tokens(bpe: Tokenizer, others: dict[str, Tokenizer]) -> None:
    texts = FRESH.split("\n\n")[:60]
    rows = compare({"mine": bpe, "byte": others["byte"]}, texts)
    overall = {row.tokenizer: row for row in rows if row.by == "all"}
    mine, byte = overall["mine"], overall["byte"]
    assert mine.num_tokens == sum(len(bpe.encode(text)) for text in texts)
    assert mine.num_bytes == byte.num_bytes == byte.num_tokens
    assert byte.bytes_per_token.to_json() == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert mine.bytes_per_token.value == mine.num_bytes / mine.num_tokens
    assert mine.tokens_to_first.to_json() == {"value": 1.0, "low": 1.0, "high": 1.0}
    ratio = byte.tokens_to_first
    assert ratio.value is not None and ratio.low is not None and ratio.high is not None
    assert 1 < ratio.low < ratio.value < ratio.high
    assert rows == compare({"mine": bpe, "byte": others["byte"]}, texts)


def test_a_wider_sample_gives_a_narrower_interval(bpe: Tokenizer) -> None:
    texts = FRESH.split("\n\n")
    widths = []
    for num in (20, 200):
        interval = compare({"mine": bpe}, texts[:num])[0].bytes_per_token
        assert interval.low is not None
        assert interval.high is not None
        widths.append(interval.high - interval.low)
    assert widths[1] < widths[0]
    few = compare({"mine": bpe}, texts[: MIN_TEXTS - 1])[0].bytes_per_token
    assert (few.low, few.high) == (None, None)
    assert compare({"mine": bpe}, ["", ""]) == ()


def letters_only(letters: str) -> Tokenizer:
    """One that drops every character which it does not know."""
    vocab = {letter: id_ for id_, letter in enumerate(letters)}
    return Tokenizer(tokenizers.Tokenizer(tokenizers.models.BPE(vocab, [])), {})


def test_a_tokenizer_that_drops_everything_is_compared_too(bpe: Tokenizer) -> None:
    texts = ["zoo", "zz", "z", "zoz", "oz", "a"]
    both = {"a": letters_only("a"), "bpe": bpe}
    whole = {r.tokenizer: r for r in compare(both, texts[:5]) if r.by == "all"}
    assert whole["a"].num_tokens == 0
    for ratio in (whole["a"].bytes_per_token, whole["a"].tokens_to_first):
        assert (ratio.value, ratio.low, ratio.high) == (None, None, None)
    assert whole["bpe"].tokens_to_first.value is None
    assert whole["bpe"].bytes_per_token.low is not None
    once = {r.tokenizer: r for r in compare(both, texts) if r.by == "all"}
    assert once["a"].bytes_per_token.value == 12
    assert once["a"].bytes_per_token.low is None, "some draws have no token"
    assert whole["a"].lost_share == 1
    assert once["a"].lost_share == 11 / 12
    assert once["bpe"].lost_share == 0


def test_unknown_words_are_no_thrift(others: dict[str, Tokenizer]) -> None:
    """Where words become one unknown token, bytes per token are many, and the row says that nothing was read."""
    texts = {"English": "The king is here.", "Japanese": "王は ここに います"}
    for kind in ("wordpiece", "character"):
        shares = {
            name: compare({"a": of_kind(kind)}, [text])[0].lost_share
            for name, text in texts.items()
        }
        assert shares == {"English": 0, "Japanese": 1}, kind


def test_every_token_has_its_place_in_the_text(
    bpe: Tokenizer, others: dict[str, Tokenizer]
) -> None:
    text = "The king, ö 🧵 <|end|>"
    for name, tokenizer in {"bpe": bpe, "byte": others["byte"]}.items():
        ids = tokenizer.encode(text)
        cut = [text.encode()[start:end] for start, end in spans(tokenizer, text, ids)]
        assert cut == [tokenizer.token_bytes[id_] for id_ in ids], name
    ids = bpe.encode(text, with_special=True)
    assert spans(bpe, text, ids, with_special=True)[-1] == (18, 25)
    for name in ("character", "wordpiece", "unigram"):
        plain = "The king"
        ids = others[name].encode(plain)
        found = spans(others[name], plain, ids)
        assert len(found) == len(ids)
        assert all(start <= end <= 8 for start, end in found), name
        assert max(end for _, end in found) == 8


def test_texts_are_grouped(bpe: Tokenizer) -> None:
    texts = [
        "Once more unto the breach, dear friends.",
        "\u041f\u0440\u0438\u0432\u0435\u0442",
        "1 + 2 = 3",
        "x = f(y);\nreturn x;",
    ]
    rows = compare({"mine": bpe}, texts)
    assert {row.group for row in rows if row.by == "script"} == {"Latin", "Cyrillic", "none"}
    assert {row.group for row in rows if row.by == "kind"} == {"prose", "numbers", "code"}
    cyrillic = next(row for row in rows if row.group == "Cyrillic")
    assert cyrillic.bytes_per_token.value == 1.0  # never seen: a token a byte


@pytest.mark.parametrize(
    ("text", "script", "kind"),
    [
        ("All the world's a stage, and all the men and women merely players.", "Latin", "prose"),
        ("to be\nor not\nto be\nthat is", "Latin", "verse"),
        ("\u4f60\u597d\u4e16\u754c", "Han", "prose"),
        ("\u3053\u3093\u306b\u3061\u306f\u4e16\u754c", "Japanese", "prose"),
        ("\u0645\u0631\u062d\u0628\u0627", "Arabic", "prose"),
        ("def f(x):\n    return x\n", "Latin", "code"),
        ("12 34 56.7", "none", "numbers"),
        ("*** --- ***", "none", "signs"),
        ("", "none", "signs"),
    ],
)  # fmt: skip
def test_script_and_kind(text: str, script: str, kind: str) -> None:
    assert (script_of(text), kind_of_text(text)) == (script, kind)


def test_the_vocabulary(bpe: Tokenizer) -> None:
    counts = count_tokens(bpe, [LEARNED])
    rows = vocabulary(bpe, counts)
    assert [row.token.id for row in rows] == list(range(700))
    assert sum(row.count or 0 for row in rows) == len(bpe.encode(LEARNED))
    for row in rows:
        if row.parts is not None:
            left, right = row.parts
            assert bpe.token_bytes[left] + bpe.token_bytes[right] == bpe.token_bytes[row.token.id]
            assert row.rank == row.token.id - 257
            assert row.depth == 1 + max(rows[left].depth, rows[right].depth)
    assert {row.depth for row in rows[:257]} == {0}
    assert {row.count for row in vocabulary(bpe)} == {None}


def test_the_orders_of_the_vocabulary(bpe: Tokenizer) -> None:
    rows = vocabulary(bpe, count_tokens(bpe, [LEARNED]))
    longest = browse(rows, "longest")
    assert longest[0].num_bytes == max(map(len, bpe.token_bytes))
    rare = [row.count for row in browse(rows, "rarest")]
    assert rare == sorted(count for count in (row.count for row in rows) if count)
    unused = browse(rows, "never_used")
    assert {row.count for row in unused} == {0}
    assert not any(row.token.is_special for row in unused)
    for row in browse(rows, "only_inside"):
        assert (row.count, row.num_within > 0) == (0, True)
    nested = browse(rows, "nested")[0]
    holders = [row for row in rows if nested in family(rows, row.token.id)[1:]]
    assert nested.num_within == len(holders) > 10
    assert all("king" in row.token.text.lower() for row in browse(rows, contains="king"))


def test_a_family_goes_down_to_bytes(bpe: Tokenizer) -> None:
    rows = vocabulary(bpe)
    (id_,) = bpe.encode(" the")
    found = family(rows, id_)
    assert found[0].token.text == " the"
    leaves = Counter(row.token.text for row in found if row.parts is None)
    assert leaves == Counter(" the")


@pytest.mark.parametrize("size", [257, 300, 500, 700])
def test_what_if_is_what_training_at_that_size_gives(bpe: Tokenizer, size: int) -> None:
    smaller = of_size(size)
    (row,) = what_if(bpe, [FRESH], [size, 5000], width=64, body_parameters=1000)
    assert row.num_tokens == len(smaller.encode(FRESH))
    assert row.bytes_per_token == len(FRESH.encode()) / row.num_tokens
    assert row.embedding_parameters == 2 * size * 64
    assert row.flops == 6 * row.num_tokens * (1000 + size * 64)
    (tied,) = what_if(bpe, [FRESH], [size], width=64, is_tied=True)
    assert tied.embedding_parameters == size * 64


def test_the_curve_falls_with_every_merge(bpe: Tokenizer, others: dict[str, Tokenizer]) -> None:
    curve = token_curve(bpe, [LEARNED])
    assert curve[0] == len(LEARNED.encode())
    assert curve[-1] == len(bpe.encode(LEARNED))
    assert curve == sorted(curve, reverse=True)
    assert len(curve) == 444
    with pytest.raises(InvalidSpec, match="no list of merges"):
        token_curve(others["unigram"], ["a"])
