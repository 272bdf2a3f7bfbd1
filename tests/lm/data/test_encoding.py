"""Documents as ids: texts, answers and conversations, and which of their tokens are trained on."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.data import Document
from glassworks.lm.data.encoding import TrainOn, encode_documents
from glassworks.lm.data.packed import load_packed, pack
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.chat import DEFAULT_TEMPLATE, save_with_template
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from tests.lm.tokenizer.test_bpe import SAMPLE

ROLES = {role: f"<|{role}|>" for role in ("end", "user", "assistant")}
TALK = [
    {"role": "user", "content": "Who can jump?"},
    {"role": "assistant", "content": "The fox."},
    {"role": "user", "content": "Over what?"},
    {"role": "assistant", "content": "Over the dog."},
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    out = tmp_path_factory.mktemp("plain")
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=300, special_tokens=ROLES), iter([SAMPLE]))
    save_tokenizer(out, trained.inner, trained.roles)
    return load_tokenizer(out)


@pytest.fixture(scope="module")
def chat(plain: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    out = tmp_path_factory.mktemp("folder")
    spelled = {role: special.token for role, special in plain.roles.items()}
    save_tokenizer(out, plain._inner, spelled)
    return save_with_template(out, DEFAULT_TEMPLATE, tmp_path_factory.mktemp("chat"))


def document(text: str, name: str = "d", **meta: Any) -> Document:
    return Document(name, text, "s", "g", meta)


def encode(tokenizer: Tokenizer, *documents: Document, train_on: TrainOn = "all") -> Any:
    end_id = tokenizer.role_id("end")
    assert end_id is not None
    return encode_documents(documents, tokenizer, end_id, train_on)


def trained_text(tokenizer: Tokenizer, packed: Any) -> list[str]:
    """The stretches that are trained on, special tokens as they are spelled."""
    stretches = [""]
    for id_, is_trained in zip(packed.tokens.tolist(), packed.mask.tolist(), strict=True):
        if is_trained:
            special = tokenizer.token_bytes[id_] == b""
            stretches[-1] += tokenizer.spelling(id_) if special else tokenizer.decode([id_])
        elif stretches[-1]:
            stretches.append("")
    return [stretch for stretch in stretches if stretch]


def test_texts_follow_each_other_with_an_end_after_each(plain: Tokenizer) -> None:
    end = plain.role_id("end")
    packed = encode(plain, document("the fox", "a"), document("", "b"), document("dog", "c"))
    wanted = [*plain.encode("the fox"), end, end, *plain.encode("dog"), end]
    assert packed.tokens.tolist() == wanted
    assert packed.lengths.sum() == len(wanted)
    assert packed.names.tolist() == [b"a", b"b", b"c"]
    assert packed.mask is None


def test_a_conversation_is_written_by_the_template_and_ends_once(chat: Tokenizer) -> None:
    packed = encode(chat, document("plain rendering", messages=TALK))
    specials = [i for i in packed.tokens.tolist() if chat.token_bytes[i] == b""]
    roles = [next(role for role, s in chat.roles.items() if s.id == id_) for id_ in specials]
    assert roles == ["user", "end", "assistant", "end"] * 2
    assert packed.mask is None
    assert packed.lengths.tolist() == [len(packed.tokens)]


def test_only_what_the_assistant_wrote_is_trained_on(chat: Tokenizer) -> None:
    packed = encode(chat, document("", messages=TALK), train_on="assistant")
    assert trained_text(chat, packed) == ["The fox.<|end|>", "Over the dog.<|end|>"]
    packed = encode(chat, document("", messages=TALK), train_on="last_assistant")
    assert trained_text(chat, packed) == ["Over the dog.<|end|>"]


def test_the_end_of_a_question_without_answer_is_not_trained_on(chat: Tokenizer) -> None:
    packed = encode(chat, document("", messages=TALK[:3]), train_on="assistant")
    assert trained_text(chat, packed) == ["The fox.<|end|>"]
    packed = encode(chat, document("", messages=TALK[:3]), train_on="last_assistant")
    assert trained_text(chat, packed) == ["The fox.<|end|>"]
    packed = encode(chat, document("", messages=TALK[:1]), train_on="last_assistant")
    assert trained_text(chat, packed) == []


def test_an_answer_that_the_template_does_not_end_is_ended(chat: Tokenizer, tmp_path: Path) -> None:
    without_end = "{% for m in messages %}{{ tokens[m.role] }}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    spelled = {role: special.token for role, special in chat.roles.items()}
    save_tokenizer(tmp_path / "in", chat._inner, spelled)
    tokenizer = save_with_template(tmp_path / "in", without_end, tmp_path / "out")
    packed = encode(tokenizer, document("", messages=TALK[:2]), train_on="last_assistant")
    assert trained_text(tokenizer, packed) == ["The fox.<|end|>"]


def test_texts_beside_conversations_are_trained_on_whole(chat: Tokenizer) -> None:
    both = [document("the dog"), document("", messages=TALK[:2])]
    packed = encode(chat, *both, train_on="assistant")
    assert trained_text(chat, packed) == ["the dog<|end|>", "The fox.<|end|>"]


def test_without_a_template_a_conversation_is_its_plain_text(plain: Tokenizer) -> None:
    packed = encode(plain, document("the plain text", messages=TALK))
    assert plain.decode(packed.tokens.tolist()) == "the plain text"
    with pytest.raises(InvalidSpec) as caught:
        encode(plain, document("the plain text", messages=TALK), train_on="assistant")
    assert caught.value.code == "no-chat-template"


def test_what_is_wrong_names_the_document(chat: Tokenizer) -> None:
    strange = [{"from": "human", "value": "hi"}]
    with pytest.raises(BadData, match="'d7' are no conversation") as caught:
        encode(chat, document("", "d7", messages=strange))
    assert caught.value.code == "bad-conversation"
    unknown = [{"role": "tool", "content": "4"}]
    with pytest.raises(BadData, match="no special token for the role tool") as caught:
        encode(chat, document("", "d8", messages=unknown))
    assert caught.value.where == "document d8"


def test_answers_beside_whole_texts_are_refused(plain: Tokenizer) -> None:
    with pytest.raises(BadData, match="'b' does not") as caught:
        encode(plain, document("the fox", "a", answer_start=4), document("the dog", "b"))
    assert caught.value.code == "mixed-masks"


@pytest.mark.parametrize("mask", [None, [True, False, True]])
def test_what_is_saved_is_read_again(mask: list[bool] | None, tmp_path: Path) -> None:
    packed = pack(["é", "b"], [[1, 70_000, 3], [4]], [mask, mask and [False]], 100_000)
    packed.save(tmp_path / "p.npz")
    found = load_packed(tmp_path / "p.npz")
    assert found.tokens.tolist() == [1, 70_000, 3, 4]
    assert found.names.tolist() == ["é".encode(), b"b"]
    assert found.lengths.tolist() == [3, 1]
    assert (found.mask is None) == (mask is None)
    assert found.mask is None or found.mask.tolist() == [True, False, True, False]
    assert found.tokens.dtype == packed.tokens.dtype


def test_what_was_damaged_since_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "p.npz"
    pack(["a"], [list(range(500))], [None], 1000).save(file)
    whole = bytearray(file.read_bytes())
    for place in range(100, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        file.write_bytes(damaged)
        try:
            found = load_packed(file)
        except BadData as error:
            assert error.code == "damaged-state"
        else:
            assert found.tokens.tolist() == list(range(500))
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadData):
        load_packed(file)
    with pytest.raises(BadData):
        load_packed(tmp_path / "none.npz")
