"""Tokenizers of other programs: read with the same ids, written so that the reference library reads them back."""

import base64
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import tiktoken
import tokenizers
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers, trainers

from glassworks.common.errors import BadData, InvalidSpec, LimitReached, NotFound
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.lm.tokenizer.byte_alphabet import to_bytes
from glassworks.lm.tokenizer.chat import Message, encode_chat
from glassworks.lm.tokenizer.foreign import read_foreign
from glassworks.lm.tokenizer.foreign.ranks import find_merges, read_ranks
from glassworks.lm.tokenizer.foreign.reading import MAX_BYTES
from glassworks.lm.tokenizer.losses import losses
from glassworks.lm.tokenizer.patterns import GPT4_PATTERN
from tests.lm.tokenizer.plays import plays

LEARNED = plays()[0][:150_000]
SCRIPTS = (
    "Привет, мир. ",
    "你好世界",
    "مرحبا ",
    "שלום ",
    "नमस्ते ",
    "こんにちは",
    "e\u0301é ",
    "😀👩‍👩‍👧 ",
    "ſ'ſ I'LL ",
)
SIGNS = (
    "\n",
    "\n\n",
    "\t",
    "    ",
    "  ",
    " 12345 ",
    "3.14",
    "{};",
    "//",
    "\r\n",
    "\u00a0",
    "\x00",
    "--",
    "'s",
)


def mixed_texts(num: int) -> list[str]:
    """Stretches of the plays, other scripts, signs and any characters, mixed; the same each time."""
    draw = random.Random(5)
    texts = []
    for _ in range(num):
        start = draw.randrange(len(LEARNED) - 100)
        parts = [
            LEARNED[start : start + draw.randrange(60)],
            draw.choice(SCRIPTS),
            draw.choice(SIGNS),
            chr(draw.choice((draw.randrange(0xD800), draw.randrange(0xE000, 0x110000)))),
            draw.choice(SIGNS),
        ]
        draw.shuffle(parts)
        texts.append("".join(parts))
    return texts


def gpt2() -> tokenizers.Tokenizer:
    """As the library makes GPT-2's: special token last."""
    inner = tokenizers.Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    learn(inner, ["<|endoftext|>"])
    return inner


def llama3() -> tokenizers.Tokenizer:
    """Its own pattern, whole words without merges, a row of special tokens, one of them with a gap before it."""
    inner = tokenizers.Tokenizer(models.BPE(ignore_merges=True))
    split = pre_tokenizers.Split(Regex(GPT4_PATTERN), "isolated", invert=False)
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.pre_tokenizer = pre_tokenizers.Sequence([split, level])
    inner.decoder = decoders.ByteLevel()
    learn(inner, ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|python_tag|>"])
    return inner


def neox() -> tokenizers.Tokenizer:
    """As Pythia's: text is normalized, and runs of spaces are tokens that are not special."""
    inner = gpt2()
    inner.normalizer = normalizers.NFC()
    inner.add_tokens([AddedToken(" " * n, normalized=True) for n in (4, 2)])
    return inner


def smollm() -> tokenizers.Tokenizer:
    """Digits one by one before GPT-2's pattern."""
    inner = gpt2()
    digits = pre_tokenizers.Digits(individual_digits=True)
    inner.pre_tokenizer = pre_tokenizers.Sequence([digits, inner.pre_tokenizer])
    return inner


def learn(inner: tokenizers.Tokenizer, specials: list[str]) -> None:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=1200, initial_alphabet=alphabet, show_progress=False)
    inner.train_from_iterator([LEARNED], trainer)
    inner.add_special_tokens([AddedToken(token, special=True) for token in specials])


LAYOUTS = {"gpt2": gpt2, "llama3": llama3, "neox": neox, "smollm": smollm}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_same_ids_both_ways_on_ten_thousand_texts(name: str, tmp_path: Path) -> None:
    reference = LAYOUTS[name]()
    reference.enable_truncation(8)  # belongs to a use, not to the tokenizer
    reference.enable_padding(length=8)
    reference.save(str(tmp_path / "tokenizer.json"))
    reference.no_truncation()
    reference.no_padding()
    (tmp_path / "out").mkdir()
    tokenizer = read_foreign(tmp_path / "tokenizer.json", tmp_path / "out")
    back = tokenizers.Tokenizer.from_file(str(tmp_path / "out/tokenizer.json"))
    texts = mixed_texts(10_000)
    expected = [found.ids for found in reference.encode_batch(texts, add_special_tokens=False)]
    assert tokenizer.encode_many(texts) == expected
    assert [found.ids for found in back.encode_batch(texts)] == expected
    assert tokenizer.encoder_name == ("tiktoken" if name in ("gpt2", "llama3") else "tokenizers")
    decoded = [tokenizer.decode(ids) for ids in expected]
    assert decoded == reference.decode_batch(expected)
    if name != "neox":
        assert tokenizer.is_lossless
        assert decoded == texts
    else:
        assert [loss.what for loss in losses(tokenizer)] == [
            "whether an accent is a character of its own"
        ]


def test_special_tokens_are_read_as_asked(tmp_path: Path) -> None:
    reference = llama3()
    reference.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "out").mkdir()
    tokenizer = read_foreign(tmp_path, tmp_path / "out")
    text = "<|begin_of_text|>Good <|eot_id|> night"
    assert tokenizer.encode(text, with_special=True) == reference.encode(text).ids
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert {role: special.token for role, special in tokenizer.roles.items()} == {
        "begin": "<|begin_of_text|>",
        "end": "<|end_of_text|>",
        "tool": "<|python_tag|>",
    }


def test_settings_and_template_beside_it(tmp_path: Path) -> None:
    llama3().save(str(tmp_path / "tokenizer.json"))
    template = "{% for m in messages %}{{ bos_token }}{{ m.content }}<|eot_id|>{% endfor %}"
    settings: dict[str, Any] = {"eos_token": {"content": "<|eot_id|>"}, "bos_token": "<|nothing|>"}
    settings["chat_template"] = [
        {"name": "tool", "template": ""},
        {"name": "default", "template": template},
    ]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    (tmp_path / "out").mkdir()
    tokenizer = read_foreign(tmp_path, tmp_path / "out")
    assert tokenizer.roles["end"].token == "<|eot_id|>"
    assert tokenizer.roles["begin"].token == "<|begin_of_text|>"
    assert load_tokenizer(tmp_path / "out").chat_template == template
    ids = encode_chat(tokenizer, [Message(role="user", content="<|eot_id|>")]).ids
    assert ids[0] == tokenizer.role_id("begin")
    assert ids.count(tokenizer.role_id("end") or -1) == 1


def ranks_of_gpt2() -> dict[bytes, int]:
    return {to_bytes(token): id_ for token, id_ in gpt2().get_vocab().items() if token[:2] != "<|"}


def as_lines(ranks: dict[bytes, int]) -> str:
    return "".join(f"{base64.b64encode(t).decode()} {i}\n" for t, i in ranks.items())


def as_javascript(ranks: dict[bytes, int], pattern: str) -> str:
    """As in npm's js-tiktoken: lines of consecutive ranks."""
    tokens = [base64.b64encode(t).decode() for t, _ in sorted(ranks.items(), key=lambda e: e[1])]
    lines = [f"! 0 {' '.join(tokens[:500])}", f"! 500 {' '.join(tokens[500:])}"]
    special = {"<|endoftext|>": len(tokens) + 3}  # ids may have gaps
    document = {"pat_str": pattern, "special_tokens": special, "bpe_ranks": "\n".join(lines)}
    return f"export default {json.dumps(document)};"


def as_tekken(ranks: dict[bytes, int], pattern: str, is_named: bool) -> str:
    """As Mistral's: special tokens first, named or (in older files) not, and more tokens in the file than are used."""
    num = len(ranks) - 100 + 4
    config = {"pattern": pattern, "default_vocab_size": num, "default_num_special_tokens": 4}
    vocab = [{"rank": i, "token_bytes": base64.b64encode(t).decode()} for t, i in ranks.items()]
    named = [{"rank": i, "token_str": s} for i, s in enumerate(("<unk>", "<s>", "</s>", "[ASK]"))]
    specials = {"special_tokens": named} if is_named else {}
    return json.dumps({"config": config, "vocab": vocab} | specials)


def test_merges_are_found_again_from_ranks() -> None:
    reference = gpt2()
    merges = json.loads(reference.to_str())["model"]["merges"]
    found = find_merges(ranks_of_gpt2())
    assert found == [(to_bytes(left), to_bytes(right)) for left, right in merges]


def test_a_file_of_lines(tmp_path: Path) -> None:
    (tmp_path / "gpt2.tiktoken").write_text(as_lines(ranks_of_gpt2()))
    (tmp_path / "out").mkdir()
    tokenizer = read_foreign(tmp_path / "gpt2.tiktoken", tmp_path / "out")
    reference = gpt2()
    texts = mixed_texts(1000)
    assert tokenizer.encode_many(texts) == [e.ids for e in reference.encode_batch(texts)]
    assert tokenizer.encoder_name == "tiktoken"


def test_a_javascript_file(tmp_path: Path) -> None:
    ranks = ranks_of_gpt2()
    (tmp_path / "gpt4.js").write_text(as_javascript(ranks, GPT4_PATTERN))
    (tmp_path / "out").mkdir()
    tokenizer = read_foreign(tmp_path / "gpt4.js", tmp_path / "out")
    special = {"<|endoftext|>": len(ranks) + 3}
    reference = tiktoken.Encoding(
        "x", pat_str=GPT4_PATTERN, mergeable_ranks=ranks, special_tokens=special
    )
    for text in mixed_texts(1000):
        assert tokenizer.encode(text) == reference.encode_ordinary(text)
    back = tokenizers.Tokenizer.from_file(str(tmp_path / "out/tokenizer.json"))
    assert back.encode("Good<|endoftext|>").ids == tokenizer.encode("Good<|endoftext|>", True)
    assert tokenizer.role_id("end") == len(ranks) + 3
    assert tokenizer.vocab_size == len(ranks) + 4 == len(tokenizer.token_bytes)
    assert tokenizer.decode([len(ranks) + 1]) == ""


@pytest.mark.parametrize("is_named", [True, False])
def test_mistrals_file(tmp_path: Path, is_named: bool) -> None:
    ranks = ranks_of_gpt2()
    (tmp_path / "tekken.json").write_text(as_tekken(ranks, GPT4_PATTERN, is_named))
    (tmp_path / "out").mkdir()
    tokenizer = read_foreign(tmp_path, tmp_path / "out")
    kept = {token: rank + 4 for token, rank in ranks.items() if rank < len(ranks) - 100}
    reference = tiktoken.Encoding(
        "x", pat_str=GPT4_PATTERN, mergeable_ranks=kept, special_tokens={}
    )
    for text in mixed_texts(300):
        assert tokenizer.encode(text) == reference.encode_ordinary(text)
    assert tokenizer.role_id("begin") == 1
    assert tokenizer.role_id("user") == (None if is_named else 3)
    assert sorted(tokenizer.special_ids.values()) == [0, 1, 2, 3]
    assert tokenizer.vocab_size == len(kept) + 4


def as_json(vocab: Mapping[str, int] | None = None, **parts: Any) -> str:
    """A file of one token, and one that is looked for in the prepared text, a space."""
    off = dict.fromkeys(("single_word", "lstrip", "rstrip", "special"), False)
    added = [{"id": 1, "content": " ", "normalized": True, **off}] if vocab is None else []
    model = {"type": "BPE", "vocab": {"a": 0, " ": 1} if vocab is None else vocab, "merges": []}
    return json.dumps({"version": "1.0", "added_tokens": added, "model": model, **parts})


def wordpiece(unk_token: str, decoder: Any = None) -> str:
    """A file of two words."""
    model = {"type": "WordPiece", "unk_token": unk_token, "vocab": {"a": 0, "b": 1}}
    more = {"continuing_subword_prefix": "##", "max_input_chars_per_word": 9}
    document = {"version": "1.0", "added_tokens": [], "model": model | more, "decoder": decoder}
    return json.dumps(document)


STRIP = {"type": "Strip", "content": " ", "start": 1, "stop": 4_294_967_295}
ENDLESS = {"type": "Sequence", "decoders": [{"type": "Fuse"}, STRIP]}
"""The library counts down below zero where there is no text, and panics."""
UNLEARNED = json.dumps(
    {
        "version": "1.0",
        "added_tokens": [],
        "model": {
            "type": "BPE",
            "vocab": {"a": 0, "b": 1, "ab": 2},
            "merges": [["a", "b"]],
            "continuing_subword_prefix": "####",
        },
    }
)
"""The second half of a merge is shorter than the prefix that it must have: the library panics."""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "readable tokenizer"),
        ("not a tokenizer", "readable tokenizer"),
        ('{"model": {"type": "BPE", "vocab": {}, "merges": [["a", "b"]]}}', "readable tokenizer"),
        ("IQ== 0\nIg== 1\n", "256 bytes"),
        ("IQ== 0\n?? 1\n", "cannot be read"),
        ('export default {"bpe_ranks": "! x y", "pat_str": "a"};', "cannot be read"),
        ('{"config": {}, "vocab": []}', "cannot be read"),
        ('{"a":' * 100_000, "cannot be read"),
        (
            as_json(normalizer={"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
            "map of char",
        ),
        (as_json(normalizer={"type": "Precompiled", "precompiled_charsmap": 5}), "map of char"),
        (
            as_json(normalizer={"type": "Strip", "strip_left": True, "strip_right": True}),
            "Nothing is left",
        ),
        (as_json(vocab={}), "no tokens"),
        (wordpiece(unk_token="[UNK]"), "not hold a readable tokenizer: WordPiece error"),
        (wordpiece(unk_token="a", decoder=ENDLESS), "readable tokenizer: index out of bounds"),
        (UNLEARNED, "readable tokenizer: range end index"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "tokenizer.json").write_text(text)
    (tmp_path / "out").mkdir()
    with pytest.raises(BadData, match=problem) as caught:
        read_foreign(tmp_path / "tokenizer.json", tmp_path / "out")
    assert caught.value.code == "damaged-tokenizer"
    assert list((tmp_path / "out").iterdir()) == []


def test_an_id_far_beyond_the_others(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(as_json({"a": 0, "b": 4_000_000_000}))
    with pytest.raises(LimitReached, match="highest id is 4,000,000,000"):
        read_foreign(tmp_path, tmp_path)


def test_a_token_that_lower_ranks_do_not_make() -> None:
    ranks = {bytes([byte]): byte for byte in range(256)} | {b"abc": 256}
    with pytest.raises(BadData, match="No merge of lower ranks makes the token b'abc'"):
        find_merges(ranks)
    assert read_ranks("plain text") is None


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no tokenizer at"):
        read_foreign(tmp_path, tmp_path)
    gpt2().save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(InvalidSpec, match="no special token") as caught:
        read_foreign(tmp_path, tmp_path, {"end": "<|stop|>"})
    assert caught.value.code == "no-such-special-token"
    (tmp_path / "tokenizer.json").write_bytes(b"\xff\xfe")
    with pytest.raises(BadData, match="not text"):
        read_foreign(tmp_path, tmp_path)
    with (tmp_path / "tokenizer.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(LimitReached):
        read_foreign(tmp_path, tmp_path)
