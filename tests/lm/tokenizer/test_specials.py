"""Special tokens by role: at training, later, and never out of plain text."""

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.specials import ROLES, add_special_tokens
from glassworks.lm.tokenizer.tokenizer import TOKENIZER_FILE, parse_tokenizer, save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE

SPELLED = {role: f"<|{role}|>" for role in (*ROLES, "think")}
TEXT = "When shall we three meet again\nIn thunder, lightning, or in rain? <|user|>\n" * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("before")
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=300), iter([TEXT]))
    save_tokenizer(out, trained.inner, trained.roles)
    return out


@pytest.fixture(scope="module")
def longer(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return add_special_tokens(folder, SPELLED, tmp_path_factory.mktemp("after"))


def test_all_roles_at_training(tmp_path: Path) -> None:
    config = ByteBPE.Config(vocab_size=300, special_tokens=SPELLED)
    trained = ByteBPE.train(config, iter([TEXT]))
    tokenizer = save_tokenizer(tmp_path, trained.inner, trained.roles)
    assert [tokenizer.role_id(role) for role in SPELLED] == list(range(9))


def test_later_ones_come_at_the_end(folder: Path, longer: Tokenizer) -> None:
    before = load_tokenizer(folder)
    assert before.vocab_size == 300
    assert longer.vocab_size == 308
    assert longer.token_bytes[:300] == before.token_bytes
    assert longer.role_id("end") == before.role_id("end") == 0
    assert sorted(longer.special_ids.values()) == [0, *range(300, 308)]
    assert longer.encoder_name == "tiktoken"


def test_a_vocabulary_with_gaps_keeps_its_ids(folder: Path, tmp_path: Path) -> None:
    """As GPT-4's: its special tokens lie beyond ids that stand for nothing."""
    document = json.loads((folder / TOKENIZER_FILE).read_text("utf-8"))
    document["model"]["vocab"]["<|far|>"] = 305
    document["added_tokens"].append(
        {**document["added_tokens"][0], "id": 305, "content": "<|far|>"}
    )
    gapped, out = tmp_path / "gapped", tmp_path / "out"
    gapped.mkdir()
    out.mkdir()
    inner = parse_tokenizer(json.dumps(document), gapped)
    save_tokenizer(gapped, inner, {"end": "<|end|>"})
    longer = add_special_tokens(gapped, {"user": "<|user|>", "assistant": "<|assistant|>"}, out)
    assert longer.vocab_size == 308
    assert (longer.role_id("user"), longer.role_id("assistant")) == (306, 307)
    assert longer.encode("<|user|>", with_special=True) == [306]
    assert max(longer.encode("<|user|> says <|far|>")) < 300


def test_a_role_whose_token_has_another_id_is_damage(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "t")
    roles = tmp_path / "t" / "roles.json"
    roles.write_text(roles.read_text("utf-8").replace('"id": 0', '"id": 7'), "utf-8")
    with pytest.raises(BadData, match="the role 'end' has another id"):
        load_tokenizer(tmp_path / "t")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*SPELLED.values(), "<|", "user", "|>", " ", "a\n"])))
def test_text_yields_none_unless_asked(folder: Path, longer: Tokenizer, parts: list[str]) -> None:
    text = "".join(parts)
    assert longer.encode(text) == load_tokenizer(folder).encode(text)
    assert longer.decode(longer.encode(text)) == text
    asked = longer.encode(text, with_special=True)
    specials = [longer.spelling(id_) for id_ in asked if id_ in longer.special_ids.values()]
    spelled = re.compile("|".join(map(re.escape, SPELLED.values())))
    assert specials == spelled.findall(text)
    assert longer.decode(asked) == spelled.sub("", text)


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ({"end": "<|stop|>"}, "role-taken"),
        ({"user": "<|end|>"}, "special-token-taken"),
        ({"user": "when"}, "special-token-taken"),
        ({"user": " "}, "special-token-taken"),
        ({"user": "<|u|>", "tool": "<|u|>"}, "special-token-taken"),
        ({"User 1": "<|u|>"}, "bad-role"),
    ],
)
def test_what_cannot_be_added(
    folder: Path, tmp_path: Path, roles: dict[str, str], code: str
) -> None:
    with pytest.raises(InvalidSpec) as caught:
        add_special_tokens(folder, roles, tmp_path)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_adding_what_is_there_changes_nothing(folder: Path, tmp_path: Path) -> None:
    again = add_special_tokens(folder, {"end": "<|end|>"}, tmp_path)
    assert again.to_json() == load_tokenizer(folder).to_json()
