"""Tokenizers that many people know, read from the files that they come in: equal ids both ways on ten thousand texts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tokenizers

from glassworks.common.errors import BadData
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.chat import Message, encode_chat
from glassworks.lm.tokenizer.foreign import read_foreign
from glassworks.lm.tokenizer.foreign.known import BYTES, KNOWN
from tests.lm.tokenizer.mixed import mixed_texts
from tests.lm.tokenizer.peers import known_file, peer

NUM_TEXTS = 10_000
NUM_DRAWN = 16_000
"""A third of them has a character that SmolLM2 cannot spell."""
OFTEN = ("gpt2", "smollm2", "mistral-v1", "mistral:mistral_instruct_tokenizer_241114.model.v7")
"""Those that are small enough for every run of the tests; the rest are read by `make soak`."""
RARELY = (
    *(name for name in KNOWN if name not in (*OFTEN, BYTES)),
    "mistral:mistral_instruct_tokenizer_240216.model.v2",
    "mistral:mistral_instruct_tokenizer_240323.model.v3",
    "mistral:mistral_instruct_tokenizer_241114.model.v7m1",
)


@pytest.fixture(scope="module")
def smollm2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokenizer]:
    yield read_foreign(known_file("smollm2"), tmp_path_factory.mktemp("smollm2"))


@pytest.mark.parametrize("name", OFTEN)
def test_equal_ids_both_ways(name: str, tmp_path: Path) -> None:
    check(name, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", RARELY)
def test_equal_ids_both_ways_of_the_large_ones(name: str, tmp_path: Path) -> None:
    check(name, tmp_path)


def check(name: str, folder: Path) -> None:
    """The same ids, the same texts, and a `tokenizer.json` that the library reads the same way."""
    original = peer(name)
    tokenizer = read_foreign(original.file, folder)
    texts = mixed_texts(NUM_TEXTS)
    if name == "smollm2":
        texts = [text for text in mixed_texts(NUM_DRAWN) if can_spell(tokenizer, text)][:NUM_TEXTS]
    assert len(texts) == NUM_TEXTS
    expected = original.encode(texts)
    assert tokenizer.encode_many(texts) == expected
    assert [tokenizer.decode(ids) for ids in expected] == original.decode(expected)
    written = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    written.encode_special_tokens = True
    found = written.encode_batch_fast(texts[:1000], add_special_tokens=False)
    assert [encoding.ids for encoding in found] == expected[:1000]


def can_spell(tokenizer: Tokenizer, text: str) -> bool:
    """SmolLM2 has no tokens for 21 of the 256 bytes; the library leaves them out without a word, we refuse the text."""
    try:
        tokenizer.encode(text)
    except BadData as error:
        assert error.code == "text-outside-vocabulary"
        return False
    return True


def test_smollm2_refuses_what_it_cannot_spell(smollm2: Tokenizer) -> None:
    with pytest.raises(
        BadData, match=r"cannot spell '\\x04' \(character 2 of the text\)"
    ) as caught:
        smollm2.encode("ü \x04")
    assert "235 of the 256 bytes" in caught.value.hint
    assert smollm2.decode(smollm2.encode("ü ☃ 😀 नमस्ते")) == "ü ☃ 😀 नमस्ते"


def test_smollm2_brings_its_conversation(smollm2: Tokenizer) -> None:
    assert {role: special.id for role, special in smollm2.roles.items()} == {
        "begin": 1,
        "end": 2,
        "pad": 2,
    }
    chat = encode_chat(smollm2, [Message(role="user", content="Hi <|im_end|>")], True)
    assert chat.text.endswith("<|im_start|>user\nHi <|im_end|><|im_end|>\n<|im_start|>assistant\n")
    assert (
        chat.ids.count(2) == 2
    )  # after the system's words and the user's, not the one that was typed
