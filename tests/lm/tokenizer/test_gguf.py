"""Tokenizers inside GGUF files: the same ids as the tokenizer that was put in; a hostile head is refused before it costs."""

import json
import random
import struct
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from glassworks.common.errors import BadData, GlassworksError, NotFound
from glassworks.lm.tokenizer.foreign import read_foreign
from glassworks.lm.tokenizer.foreign.gguf import MAX_ELEMENTS, read_head
from glassworks.lm.tokenizer.foreign.sentencepiece import read_model
from tests.lm.tokenizer.gguf_files import LIST, STRING, gguf
from tests.lm.tokenizer.mixed import mixed_texts
from tests.lm.tokenizer.peers import of_sentencepiece
from tests.lm.tokenizer.spm_models import model
from tests.lm.tokenizer.test_foreign import LAYOUTS

TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"


def byte_level(inner: tokenizers.Tokenizer, pre: str, **more: Any) -> dict[str, Any]:
    """The values that say what a byte-level tokenizer is."""
    document = json.loads(inner.to_str())
    vocab = sorted(inner.get_vocab(with_added_tokens=True).items(), key=lambda entry: entry[1])
    special = {token["content"] for token in document["added_tokens"]}
    return {
        "general.architecture": "llama",
        "llama.context_length": 2048,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": [token for token, _ in vocab],
        "tokenizer.ggml.token_type": [3 if token in special else 1 for token, _ in vocab],
        "tokenizer.ggml.merges": [" ".join(merge) for merge in document["model"]["merges"]],
        "tokenizer.ggml.eos_token_id": len(vocab) - 1,
        "tokenizer.ggml.add_bos_token": False,
        **more,
    }


def pieces(kind: str, model_name: str) -> dict[str, Any]:
    """The values that say what a SentencePiece model is."""
    found, _ = read_model(model(kind))
    return {
        "tokenizer.ggml.model": model_name,
        "tokenizer.ggml.tokens": found.spellings,
        "tokenizer.ggml.scores": found.scores,
        "tokenizer.ggml.token_type": [int(kind) for kind in found.kinds],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.add_space_prefix": found.has_prefix,
        "tokenizer.ggml.remove_extra_whitespaces": found.is_trimmed,
    }


def write(folder: Path, values: dict[str, Any]) -> Path:
    (folder / "model.gguf").write_bytes(gguf(values))
    (folder / "out").mkdir(exist_ok=True)
    return folder / "model.gguf"


@pytest.mark.parametrize(
    ("layout", "pre"), [("gpt2", "gpt-2"), ("smollm", "smollm"), ("llama3", "llama-bpe")]
)
def test_bytes_with_merges(layout: str, pre: str, tmp_path: Path) -> None:
    reference = LAYOUTS[layout]()
    reference.encode_special_tokens = True
    write(tmp_path, byte_level(reference, pre, **{"tokenizer.chat_template": TEMPLATE}))
    tokenizer = read_foreign(tmp_path, tmp_path / "out")  # the folder: the file is found in it
    texts = mixed_texts(3000)
    expected = [found.ids for found in reference.encode_batch(texts, add_special_tokens=False)]
    assert tokenizer.encode_many(texts) == expected
    assert [tokenizer.decode(ids) for ids in expected] == texts
    assert tokenizer.chat_template == TEMPLATE
    assert tokenizer.role_id("end") == reference.get_vocab_size() - 1


@pytest.mark.parametrize(("kind", "name"), [("llama2", "llama"), ("unigram_letters", "t5")])
def test_pieces_with_scores(kind: str, name: str, tmp_path: Path) -> None:
    tokenizer = read_foreign(write(tmp_path, pieces(kind, name)), tmp_path / "out")
    (tmp_path / "same.model").write_bytes(model(kind))
    texts = mixed_texts(2000)
    assert tokenizer.encode_many(texts) == of_sentencepiece(tmp_path / "same.model").encode(texts)
    assert tokenizer.roles["begin"].id == 1
    assert tokenizer.roles["end"].id == 2


def test_a_map_of_characters_inside(tmp_path: Path) -> None:
    found, _ = read_model(model("t5"))
    values = pieces("t5", "t5") | {"tokenizer.ggml.precompiled_charsmap": list(found.charsmap)}
    tokenizer = read_foreign(write(tmp_path, values), tmp_path / "out")
    (tmp_path / "same.model").write_bytes(model("t5"))
    texts = ["ﬁne ｗｉｄｅ", "a  b ", "To be, or not to be"]
    assert tokenizer.encode_many(texts) == of_sentencepiece(tmp_path / "same.model").encode(texts)


def test_only_the_head_is_read(tmp_path: Path) -> None:
    """Hundred gigabytes of weights, a hole in the file, cost nothing."""
    file = write(tmp_path, byte_level(LAYOUTS["gpt2"](), "gpt-2"))
    with file.open("r+b") as opened:
        opened.truncate(100_000_000_000)
    assert read_foreign(file, tmp_path / "out").vocab_size == 1201
    assert read_head(file, lambda name: name == "llama.context_length") == {
        "llama.context_length": 2048
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"tokenizer.ggml.pre": "some-day"}, "cuts text in the way 'some-day'"),
        ({"tokenizer.ggml.model": "bert"}, "of the kind 'bert'"),
    ],
)
def test_kinds_that_are_not_known(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    file = write(tmp_path, byte_level(LAYOUTS["gpt2"](), "gpt-2") | change)
    with pytest.raises(BadData, match=problem) as caught:
        read_foreign(file, tmp_path / "out")
    assert caught.value.code == "unknown-tokenizer-kind"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"tokenizer.ggml.tokens": 7}, "no list tokenizer.ggml.tokens"),
        ({"tokenizer.ggml.tokens": ["a", "a"]}, "spelled alike"),
        ({"tokenizer.ggml.token_type": [1, 1]}, "not as many types"),
        ({"tokenizer.ggml.token_type": ["a"]}, "no list tokenizer.ggml.token_type"),
        ({"tokenizer.ggml.merges": ["a b c"]}, "does not join two tokens"),
        ({"tokenizer.ggml.merges": ["☃ a"]}, "readable tokenizer"),
    ],
)
def test_values_that_do_not_fit(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    file = write(tmp_path, byte_level(LAYOUTS["gpt2"](), "gpt-2") | change)
    with pytest.raises(BadData, match=problem) as caught:
        read_foreign(file, tmp_path / "out")
    assert caught.value.code == "damaged-tokenizer"


HEAD = struct.pack("<4sIQQ", b"GGUF", 3, 0, 1)
NAME = struct.pack("<Q1s", 1, b"a")
HOSTILE = {
    "nothing behind the magic": b"GGUF",
    "another version": struct.pack("<4sIQQ", b"GGUF", 1, 0, 1),
    "the other byte order": struct.pack(">4sIQQ", b"GGUF", 3, 0, 1),
    "entries without end": struct.pack("<4sIQQ", b"GGUF", 3, 0, 1 << 60),
    "a long name": HEAD + struct.pack("<Q", 1 << 40),
    "a name that is cut": HEAD + struct.pack("<Q", 8) + b"abc",
    "a name that is no text": HEAD + struct.pack("<Q1s", 1, b"\xff"),
    "an unknown type": HEAD + NAME + struct.pack("<I", 77),
    "a long text": HEAD + NAME + struct.pack("<IQ", STRING, (1 << 64) - 1),
    "a long list": HEAD + NAME + struct.pack("<IIQ", LIST, STRING, 1 << 40),
    "a list of lists": HEAD + NAME + struct.pack("<IIQ", LIST, LIST, 1),
    "more elements than any vocabulary": HEAD + NAME + struct.pack("<IIQ", LIST, 0, MAX_ELEMENTS + 1) + bytes(MAX_ELEMENTS + 1),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_head(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(HOSTILE[name])
    with pytest.raises(BadData, match=r"x\.gguf|type 77|type 9") as caught:
        read_head(tmp_path / "x.gguf", lambda _: True)
    assert caught.value.code == "damaged-tokenizer"


def test_a_file_that_ends_anywhere(tmp_path: Path) -> None:
    data = gguf({"a": "text", "b": [1, 2], "c": ["x", "y"], "d": 1.5, "e": True})
    for end in range(len(data)):
        (tmp_path / "x.gguf").write_bytes(data[:end])
        with pytest.raises(BadData):
            read_head(tmp_path / "x.gguf", lambda _: True)
    (tmp_path / "x.gguf").write_bytes(data)
    found = read_head(tmp_path / "x.gguf", lambda name: name != "c")
    assert found == {"a": "text", "b": [1, 2], "d": 1.5, "e": True}


def test_damaged_files_are_refused_with_words(tmp_path: Path) -> None:
    draw = random.Random(9)
    sound = gguf(byte_level(LAYOUTS["smollm"](), "smollm"))
    for _ in range(60):
        data = bytearray(sound)
        place = draw.randrange(len(data))
        data[place : place + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
        (tmp_path / "x.gguf").write_bytes(data)
        try:
            read_foreign(tmp_path / "x.gguf", tmp_path).encode("Good night  ☃ 12")
        except GlassworksError as error:
            assert error.code in (
                "damaged-tokenizer",
                "unknown-tokenizer-kind",
                "text-outside-vocabulary",
            )


def test_a_folder_without_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no tokenizer at"):
        read_foreign(tmp_path, tmp_path)
