"""A tokenizer that grows: its ids stay, new ones come at the end, and it knows what it has grown from."""

import json
from pathlib import Path

import pytest

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.lm.tokenizer.chat import DEFAULT_TEMPLATE, Message, encode_chat
from glassworks.lm.tokenizer.extending import extend_tokenizer, ids_known_before
from glassworks.lm.tokenizer.tokenizer import Ancestor, save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE

TEXT = "When shall we three meet again\nIn thunder, lightning, or in rain? <|user|>\n" * 20
CHAT = {"user": "<|user|>", "assistant": "<|assistant|>"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("before")
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=300), iter([TEXT]))
    save_tokenizer(out, trained.inner, trained.roles)
    return out


def fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_old_ids_stay_and_the_ancestors_are_known(folder: Path, tmp_path: Path) -> None:
    first = extend_tokenizer(folder, fresh(tmp_path / "first"), CHAT, "", "one")
    second = extend_tokenizer(
        tmp_path / "first", fresh(tmp_path / "second"), {"tool": "<|tool|>"}, "", "two"
    )
    assert second.grown_from == (Ancestor("one", 300), Ancestor("two", 302))
    assert second.grown_from == load_tokenizer(tmp_path / "second").grown_from
    assert (first.vocab_size, second.vocab_size) == (302, 303)
    assert second.encode(TEXT) == load_tokenizer(folder).encode(TEXT)
    known = [ids_known_before(second, "three", older) for older in ("one", "two", "three", "four")]
    assert known == [300, 302, 303, None]


def test_a_tokenizer_that_has_not_grown_says_nothing_of_it(folder: Path) -> None:
    """Tokenizers of before keep their bytes, and so their artifact's name."""
    assert list(json.loads((folder / "roles.json").read_text())) == ["format", "roles"]
    assert load_tokenizer(folder).grown_from == ()


def test_a_plain_template_comes_with_the_roles_of_a_conversation(
    folder: Path, tmp_path: Path
) -> None:
    longer = extend_tokenizer(folder, fresh(tmp_path / "chat"), CHAT, "", "one")
    assert longer.chat_template == DEFAULT_TEMPLATE
    found = encode_chat(
        longer, [Message(role="user", content="Hi"), Message(role="assistant", content="rain")]
    )
    trained = [
        id_ for id_, is_trained in zip(found.ids, found.is_trained, strict=True) if is_trained
    ]
    assert trained == [*longer.encode("rain"), longer.role_id("end")]
    alone = extend_tokenizer(folder, fresh(tmp_path / "tool"), {"tool": "<|tool|>"}, "", "one")
    assert alone.chat_template is None


def test_a_template_that_is_there_stays_unless_another_is_given(
    folder: Path, tmp_path: Path
) -> None:
    own = "{% for message in messages %}{{ tokens.user }}{{ message.content }}{% endfor %}"
    first = extend_tokenizer(folder, fresh(tmp_path / "first"), CHAT, own, "one")
    second = extend_tokenizer(tmp_path / "first", fresh(tmp_path / "second"), {}, "", "two")
    assert first.chat_template == second.chat_template == own


def test_what_cannot_be_added_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    out = fresh(tmp_path / "out")
    with pytest.raises(InvalidSpec, match="already belongs to"):
        extend_tokenizer(folder, out, {"end": "<|stop|>"}, "", "one")
    with pytest.raises(BadData, match="template"):
        extend_tokenizer(folder, out, CHAT, "{% for message in %}", "one")
    assert list(out.iterdir()) == []


def test_a_damaged_list_of_ancestors(folder: Path, tmp_path: Path) -> None:
    extend_tokenizer(folder, fresh(tmp_path / "out"), CHAT, "", "one")
    roles = json.loads((tmp_path / "out/roles.json").read_text())
    (tmp_path / "out/roles.json").write_text(json.dumps({**roles, "grown_from": [{"id": 1}]}))
    with pytest.raises(BadData, match="readable tokenizer"):
        load_tokenizer(tmp_path / "out")
