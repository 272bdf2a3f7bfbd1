"""Every kind of tokenizer: made alike from the same texts, loaded alike, and honest about what it loses."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.losses import losses
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers import TRAINERS
from tests.lm.tokenizer.plays import plays
from tests.lm.tokenizer.test_bpe import PROSE, TEXTS

SIZED = {"byte_bpe": 600, "character": 60, "unigram": 600, "wordpiece": 600}
KINDS = ("byte", "digits", *SIZED)
LOSSLESS = ("byte", "byte_bpe", "unigram")


def texts() -> list[str]:
    return [plays()[0][:60_000], plays()[1][:60_000]]


def train(kind: str, folder: Path, **config: Any) -> Tokenizer:
    sizes = {"vocab_size": SIZED[kind]} if kind in SIZED else {}
    trainer = TRAINERS.load(kind)
    trained = trainer.train(trainer.Config.model_validate(sizes | config), iter(texts()))
    folder.mkdir()
    return save_tokenizer(folder, trained.inner, trained.roles)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tokenizer]:
    out = tmp_path_factory.mktemp("kinds")
    return {kind: train(kind, out / kind) for kind in KINDS}


def test_every_kind_is_tried() -> None:
    assert set(KINDS) == set(TRAINERS.names())


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_say_how_many_tokens_there_will_be(
    made: dict[str, Tokenizer], kind: str
) -> None:
    trainer = TRAINERS.load(kind)
    sizes = {"vocab_size": SIZED[kind]} if kind in SIZED else {}
    said = trainer.vocab_size(trainer.Config.model_validate(sizes))
    assert made[kind].vocab_size == said


@pytest.mark.parametrize("kind", LOSSLESS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS | PROSE, data=st.binary())
def test_byte_level_kinds_lose_nothing(
    made: dict[str, Tokenizer], kind: str, text: str, data: bytes
) -> None:
    tokenizer = made[kind]
    assert tokenizer.is_lossless
    assert losses(tokenizer) == ()
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode_bytes(tokenizer.encode_bytes(data)) == data


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_come_first_and_never_from_text(
    made: dict[str, Tokenizer], kind: str
) -> None:
    tokenizer = made[kind]
    assert tokenizer.role_id("end") == 0
    assert tokenizer.token_bytes[0] == b""
    if kind != "digits":
        assert 0 not in tokenizer.encode("a<|end|>b")
        assert tokenizer.encode("<|end|>", with_special=True) == [0]
        assert tokenizer.decode([0, *tokenizer.encode("the"), 0]).strip() == "the"


def test_sizes(made: dict[str, Tokenizer]) -> None:
    sizes = {kind: tokenizer.vocab_size for kind, tokenizer in made.items()}
    assert sizes == SIZED | {"byte": 257, "digits": 15}
    text = "When shall we three meet again"
    lengths = {kind: len(made[kind].encode(text)) for kind in KINDS if kind != "digits"}
    assert lengths["byte"] == lengths["character"] == len(text)
    assert max(lengths[kind] for kind in ("byte_bpe", "unigram", "wordpiece")) < 20


def test_what_is_lost_is_told_with_a_true_example(made: dict[str, Tokenizer]) -> None:
    told = {kind: {loss.what for loss in losses(made[kind])} for kind in KINDS}
    assert told["character"] == {
        "characters that it does not know",
        "accents",
        "whether an accent is a character of its own",
    }
    assert {"how many spaces there were", "line ends", "a space at the start"} <= told["wordpiece"]
    assert "words of more than a hundred letters" in told["wordpiece"]
    assert "capitals" not in told["wordpiece"]
    for kind in KINDS:
        for loss in losses(made[kind]):
            if loss.after is not None:
                assert made[kind].decode(made[kind].encode(loss.before)) == loss.after
    refused = [loss for loss in losses(made["digits"]) if loss.after is None]
    assert any(loss.what == "characters that it does not know" for loss in refused)


def test_lowercase_is_a_loss_that_is_told(tmp_path: Path) -> None:
    small = train("wordpiece", tmp_path / "small", lowercase=True)
    assert small.decode(small.encode("When SHALL")) == "when shall"
    assert "capitals" in {loss.what for loss in losses(small)}


def test_characters_that_are_rare_become_one(made: dict[str, Tokenizer], tmp_path: Path) -> None:
    few = train("character", tmp_path / "few", vocab_size=10)
    assert few.vocab_size == 10
    assert few.decode(few.encode("e Q\u2603")) == "e \ufffd\ufffd"
    assert made["character"].decode(made["character"].encode("We meet")) == "We meet"


def test_words_are_cut_into_the_longest_pieces(made: dict[str, Tokenizer]) -> None:
    tokenizer = made["wordpiece"]
    ids = tokenizer.encode("thethe!")
    assert [tokenizer.spelling(id_) for id_ in ids] == ["the", "##th", "##e", "!"]
    assert [tokenizer.token_bytes[id_] for id_ in ids] == [b" the", b"th", b"e", b" !"]
    assert tokenizer.spelling(tokenizer.encode("\u2603")[0]) == "[UNK]"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_texts_give_the_same_files_in_another_process(
    made: dict[str, Tokenizer], kind: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.lm.tokenizer.test_kinds", kind, str(tmp_path / "out")]
    subprocess.run(command, check=True)
    again = load_tokenizer(tmp_path / "out").to_json()
    assert digest(again) == digest(made[kind].to_json())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("kind", ["byte", "byte_bpe", "character", "unigram", "wordpiece"])
@pytest.mark.parametrize("spelling", ["", "the", "\u0120the", "123", "..."])
def test_a_word_cannot_be_a_special_token(kind: str, spelling: str) -> None:
    with pytest.raises(ValidationError, match="special token"):
        TRAINERS.load(kind).Config.model_validate({"special_tokens": {"end": spelling}})


if __name__ == "__main__":
    train(sys.argv[1], Path(sys.argv[2]))
