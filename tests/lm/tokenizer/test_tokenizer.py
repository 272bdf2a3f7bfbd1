"""Tokenizers lose nothing, and plain text never becomes a special token."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE, to_bytes, to_characters
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers import TRAINERS
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.lm.tokenizer.trainers.digits import Digits

TEXT = "When shall we three meet again\nIn thunder, lightning, or in rain?\n\n" * 20
ROLES = {"end": "<|end|>", "user": "<|user|>"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tokenizer")
    config = ByteBPE.Config(vocab_size=300, special_tokens=ROLES)
    trained = ByteBPE.train(config, iter([TEXT]))
    save_tokenizer(out, trained.inner, trained.roles)
    return out


@pytest.fixture(scope="module")
def bpe(folder: Path) -> Tokenizer:
    return load_tokenizer(folder)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_every_text_comes_back(bpe: Tokenizer, text: str) -> None:
    ids = bpe.encode(text)
    assert bpe.decode_bytes(ids) == text.encode()
    assert bpe.encode_many([text, "x"])[0] == ids


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["<|end|>", "<|user|>", " ", "a", "\n", "<|"])))
def test_text_never_becomes_a_special_token(bpe: Tokenizer, parts: list[str]) -> None:
    text = "".join(parts)
    ids = bpe.encode(text)
    assert not {bpe.role_id(role) for role in ROLES} & set(ids)
    assert bpe.decode(ids) == text


def test_roles_and_sizes(bpe: Tokenizer) -> None:
    assert bpe.vocab_size == 300 == len(bpe.token_bytes)
    assert (bpe.role_id("end"), bpe.role_id("user"), bpe.role_id("pad")) == (0, 1, None)
    assert bpe.decode_bytes([0, *bpe.encode("We"), 1]) == b"We"
    assert sorted(token for token in bpe.token_bytes if len(token) == 1) == [
        bytes([byte]) for byte in range(256)
    ]
    assert len(bpe.encode("When shall we")) < len("When shall we")


def test_training_is_deterministic(folder: Path, tmp_path: Path) -> None:
    config = ByteBPE.Config(vocab_size=300, special_tokens=ROLES)
    trained = ByteBPE.train(config, iter([TEXT]))
    save_tokenizer(tmp_path, trained.inner, trained.roles)
    for name in ("tokenizer.json", "roles.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_byte_alphabet() -> None:
    assert len(set(CHARACTER_OF_BYTE)) == 256
    assert to_characters(b" \nA") == "ĠĊA"
    assert to_bytes(to_characters(bytes(range(256)))) == bytes(range(256))


def test_digits(tmp_path: Path) -> None:
    trained = Digits.train(Digits.Config(), iter([]))
    digits = save_tokenizer(tmp_path, trained.inner, trained.roles)
    assert digits.vocab_size == 15
    assert len(digits.encode("123+456=9750")) == 12
    assert digits.decode(digits.encode("123+456=9750")) == "123+456=9750"
    with pytest.raises(BadData, match=r"cannot spell 'a' \(character 2") as caught:
        digits.encode("12a")
    assert caught.value.code == "text-outside-vocabulary"
    with pytest.raises(BadData):
        digits.encode_many(["1", "é"])


def test_impossible_vocabularies() -> None:
    with pytest.raises(ValidationError, match="256 bytes and 2 special tokens need 258"):
        ByteBPE.Config(vocab_size=257, special_tokens=ROLES)
    with pytest.raises(ValidationError, match="a spelling of its own"):
        ByteBPE.Config(special_tokens={"end": "<|x|>", "pad": "<|x|>"})
    with pytest.raises(InvalidSpec, match="yields") as caught:
        ByteBPE.train(ByteBPE.Config(vocab_size=5000), iter([TEXT]))
    assert caught.value.code == "vocab-too-large"
    with pytest.raises(BadData, match="no pair"):
        ByteBPE.train(ByteBPE.Config(vocab_size=5000), iter(["abc"]))
    with pytest.raises(ValidationError, match="no digits"):
        Digits.Config(signs="+1")


def test_damaged_and_missing(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(NotFound, match=r"tokenizer\.json is missing"):
        load_tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "roles.json").write_text(json.dumps({"format": 1, "roles": {}}))
    with pytest.raises(BadData, match="readable tokenizer"):
        load_tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    (tmp_path / "roles.json").write_text("not json")
    with pytest.raises(BadData, match="readable tokenizer"):
        load_tokenizer(tmp_path)


def test_every_trainer_is_named_by_its_file() -> None:
    for name, trainer in TRAINERS.all().items():
        assert trainer.Config().model_dump()["kind"] == name


def test_a_vocabulary_that_fits_the_text_is_the_beginning_of_a_larger_one() -> None:
    words = " ".join(f"w{n * n % 997}" for n in range(2000))
    num_bytes = len(words.encode())
    fitted = ByteBPE.train(ByteBPE.Config(vocab_size=2000, fit="text"), iter([words]))
    merges = num_bytes // 100
    assert fitted.inner.get_vocab_size() == 257 + merges
    exact = ByteBPE.train(ByteBPE.Config(vocab_size=257 + merges), iter([words]))
    assert fitted.inner.get_vocab() == exact.inner.get_vocab()
    assert fitted.inner.encode(words).ids == exact.inner.encode(words).ids
    assert fitted.inner.decode(fitted.inner.encode(words).ids) == words


def test_a_vocabulary_that_fits_is_never_refused() -> None:
    config = ByteBPE.Config(vocab_size=5000, fit="text")
    assert ByteBPE.train(config, iter(["abc"])).inner.get_vocab_size() == 257
    few = ByteBPE.train(config, iter(["ab " * 1000])).inner.get_vocab_size()
    assert 257 < few < 270
