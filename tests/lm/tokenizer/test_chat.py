"""Conversations: rendered by any template within limits, masked exactly, and no message poses as a special token."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.common.errors import BadData, GlassworksError, InvalidSpec, LimitReached
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.chat import (
    DEFAULT_TEMPLATE,
    EncodedChat,
    Message,
    encode_chat,
    encode_prompt,
    render,
    sandbox,
    save_with_template,
    turn_ends,
)
from glassworks.lm.tokenizer.chat.sandbox import run_template
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from tests.lm.tokenizer.test_bpe import SAMPLE

ROLES = {role: f"<|{role}|>" for role in ("end", "system", "user", "assistant", "tool")}
WITHOUT_TAGS = """\
{% for message in messages %}
<|{{ message['role'] }}|>{{ message['content'] | trim }}<|end|>
{% endfor %}
{% if add_generation_prompt %}<|assistant|>{% endif %}"""
TALK = [
    Message(role="system", content="Be brief."),
    Message(role="user", content="Who can't jump?"),
    Message(role="assistant", content="The dog."),
    Message(role="user", content="Why?"),
    Message(role="assistant", content="It is lazy."),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("chat")
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=300, special_tokens=ROLES), iter([SAMPLE]))
    save_tokenizer(out, trained.inner, trained.roles)
    return out


@pytest.fixture(scope="module", params=[DEFAULT_TEMPLATE, WITHOUT_TAGS])
def chat(
    request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Tokenizer:
    return save_with_template(folder, request.param, tmp_path_factory.mktemp("with"))


def trained_parts(tokenizer: Tokenizer, found: EncodedChat) -> list[list[int]]:
    """The runs of ids that are trained on."""
    runs: list[list[int]] = [[]]
    for id_, is_trained in zip(found.ids, found.is_trained, strict=True):
        if is_trained:
            runs[-1].append(id_)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def test_the_mask_holds_the_answers_and_their_end(chat: Tokenizer) -> None:
    found = encode_chat(chat, TALK)
    end = chat.role_id("end")
    assert trained_parts(chat, found) == [
        [*chat.encode("The dog."), end],
        [*chat.encode("It is lazy."), end],
    ]
    assert found.text == render(chat, TALK)
    assert render(chat, TALK).count("<|end|>") == 5


def test_training_sees_what_the_model_will_see(chat: Tokenizer) -> None:
    """The ids before an answer are the ids of the prompt for it."""
    prompt = encode_chat(chat, TALK[:4], add_generation_prompt=True).ids
    whole = encode_chat(chat, TALK)
    assert whole.ids[: len(prompt)] == prompt
    assert whole.is_trained[len(prompt)]
    assert prompt[-1] == chat.role_id("assistant")


def is_trimmed(content: str) -> bool:
    """No space at either end, once what is no character is gone: the template trims."""
    shown = content.replace("\ufdd0", "")
    return shown == shown.strip()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([*ROLES.values(), "<", "<|", "end|>", "|>", "hi", " ", "\ufdd0"]))
        .map("".join)
        .filter(is_trimmed),
        min_size=1,
        max_size=4,
    )
)
def test_no_message_poses_as_a_special_token(chat: Tokenizer, contents: list[str]) -> None:
    talk = [
        Message(role="assistant" if n % 2 else "user", content=content)
        for n, content in enumerate(contents)
    ]
    found = encode_chat(chat, talk)
    specials = [id_ for id_ in found.ids if id_ in chat.special_ids.values()]
    expected = [chat.role_id(role) for m in talk for role in (m.role, "end")]
    assert specials == expected
    assert chat.decode(found.ids).replace("\n", "") == "".join(contents).replace("\ufdd0", "")
    answers = [content.replace("\ufdd0", "") for content in contents[1::2]]
    assert [chat.decode(run) for run in trained_parts(chat, found)] == answers


def test_the_template_is_kept(chat: Tokenizer, folder: Path, tmp_path: Path) -> None:
    assert load_tokenizer(folder).chat_template is None
    with pytest.raises(InvalidSpec, match="no chat template"):
        render(load_tokenizer(folder), TALK)
    saved = save_with_template(folder, WITHOUT_TAGS, tmp_path)
    assert load_tokenizer(tmp_path).chat_template == saved.chat_template == WITHOUT_TAGS
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "chat_template.jinja",
        "roles.json",
        "tokenizer.json",
    ]


def test_a_role_without_a_token_is_told(tmp_path: Path) -> None:
    some = {role: ROLES[role] for role in ("end", "user", "assistant")}
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=300, special_tokens=some), iter([SAMPLE]))
    (tmp_path / "a").mkdir()
    save_tokenizer(tmp_path / "a", trained.inner, trained.roles, DEFAULT_TEMPLATE)
    with pytest.raises(BadData, match="no special token for the role system"):
        render(load_tokenizer(tmp_path / "a"), TALK)


def test_a_template_that_rewrites_is_told(folder: Path, tmp_path: Path) -> None:
    rewriting = WITHOUT_TAGS.replace("| trim", "if loop.last else '...'")
    tokenizer = save_with_template(folder, rewriting, tmp_path)
    with pytest.raises(BadData, match="message 3") as caught:
        encode_chat(tokenizer, TALK)
    assert caught.value.code == "template-rewrites"


def test_tools_and_calls_are_text_too(folder: Path, tmp_path: Path) -> None:
    template = "{{ tools | tojson }}{{ (messages | last).tool_calls | tojson }}" + DEFAULT_TEMPLATE
    call = {"name": "<|end|>", "n": 1}
    talk = [TALK[1], Message(role="assistant", content="é", tool_calls=(call,))]
    tokenizer = save_with_template(
        folder, template.replace(").tool_calls", ").tool_calls | default"), tmp_path
    )
    tools = [{"about": "<|user|> é"}]
    text = render(tokenizer, talk, tools=tools)
    assert text.startswith('[{"about": "<|user|> é"}][{"name": "<|end|>", "n": 1}]')
    ids = encode_chat(tokenizer, talk, tools=tools).ids
    assert ids.count(tokenizer.role_id("user") or -1) == 1
    assert ids.count(tokenizer.role_id("end") or 0) == 2


HOSTILE: dict[str, str] = {
    "never ends": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "a long loop": "{% for a in range(10 ** 9) %}{% endfor %}",
    "a huge text": "{{ 'a' * 10 ** 9 }}",
    "doubling": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "adding": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "brackets": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}",
    "pairs": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = (n.x, n.x) %}{% endfor %}",
    "tables": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = {'a': n.x, 'b': n.x} %}{% endfor %}",
    "width": "{{ '%999999999d' % 1 }}",
    "a list written": "{{ [('a' * 99999)] * 9999 }}",
    "replace": "{{ ('a' * 99999) | replace('a', 'b' * 99999) }}",
    "its method": "{{ ('a' * 99999).replace('a', 'b' * 99999) }}",
    "join": "{{ (['a'] * 9999) | join('b' * 99999) }}",
    "its other method": "{{ ('b' * 99999).join(['a'] * 9999) }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "numbers": "{% set n = namespace(x=9) %}{% for a in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "much output": "{% for a in range(9999) %}{{ 'a' * 9999 }}{% endfor %}",
    "a long template": "a" * 100_001,
}
WRONG: dict[str, str] = {
    "class": "{{ ''.__class__.__mro__ }}{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ range.__globals__['sys'] }}",
    "environment": "{{ self.__init__.__globals__.os }}",
    "format": "{{ '{0.__class__}'.format(1) }}",
    "format map": "{{ '{a}'.format_map({'a': 1}) }}",
    "center": "{{ 'a'.center(10 ** 9) }}",
    "filter": "{{ 'a' | attr('upper') }}",
    "wide": "{{ 'a' | center(10 ** 9) }}",
    "change": "{{ messages.append(1) }}",
    "clear": "{{ messages[0].clear() }}",
    "include": "{% include '/etc/passwd' %}",
    "syntax": "{% for %}",
    "division": "{{ 1 / 0 }}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "refusal": "{{ raise_exception('Roles must alternate.') }}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_template_without_end_is_stopped(name: str) -> None:
    with pytest.raises(LimitReached) as caught:
        run_template(HOSTILE[name], {"messages": []})
    assert caught.value.code == "template-too-large"


@pytest.mark.parametrize("name", WRONG)
def test_a_template_cannot_reach_out(name: str) -> None:
    messages: list[dict[str, Any]] = [{"content": "x"}]
    with pytest.raises(GlassworksError) as caught:
        run_template(WRONG[name], {"messages": messages})
    assert caught.value.code == "bad-template"
    assert messages == [{"content": "x"}]


def test_what_the_hubs_templates_use() -> None:
    template = """\
{%- set n = namespace(found=false) -%}
{%- for m in messages if m.role != 'system' -%}
    {%- if loop.index0 % 2 == 0 and m.role == 'user' -%}{%- set n.found = true -%}{%- endif -%}
    {%- if loop.last -%}{%- break -%}{%- endif -%}
    {{- m['content'].split('</think>')[-1].strip().upper() + '\\n' -}}
{%- endfor -%}
{{- n.found }} {{ messages | selectattr('role', 'equalto', 'user') | list | length }}
{{ [1, 2][::-1] | tojson }}{{ 'a' if strftime_now is defined else 'b' }}"""
    messages = [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "x</think> hi"},
        {"role": "assistant", "content": "y"},
    ]
    assert run_template(template, {"messages": messages}) == "HI\nTrue 1\n[2, 1]b"


def test_a_template_is_translated_once_and_remembers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    translated = []
    compile_ = sandbox._Environment.compile

    def counting(self: Any, source: str, **options: Any) -> Any:
        translated.append(source)
        return compile_(self, source, **options)

    monkeypatch.setattr(sandbox._Environment, "compile", counting)
    template = "{% set n = namespace(v=0) %}{% set n.v = n.v + x %}{{ n.v }}{{ y is defined }}"
    assert [run_template(template, {"x": x}) for x in (1, 2)] == ["1False", "2False"]
    assert translated == [template]


def test_where_a_turn_ends(tmp_path: Path) -> None:
    """The token after an answer, whatever its role; none where the template wants other messages."""
    templates = {
        "{% for m in messages %}{{ m.content }}{{ tokens.tool }}{% endfor %}": {"tool"},
        "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{{ tokens.end }}{% endfor %}": {"end"},
        "{% for m in messages %}{{ m.content }}{% endfor %}": set(),
        "{{ raise_exception('Begin with the system.') }}": set(),
    }  # fmt: skip
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=300, special_tokens=ROLES), iter([SAMPLE]))
    for template, roles in templates.items():
        tokenizer = save_tokenizer(tmp_path, inner.inner, inner.roles, template)
        assert turn_ends(tokenizer) == {tokenizer.role_id(role) for role in roles}


def test_a_prompt_where_the_template_forgets(tmp_path: Path) -> None:
    """A template that leaves out earlier answers cannot say what was trained on, but can ask."""
    template = (
        "{% for m in messages %}{% if m.role == 'user' or loop.last %}{{ tokens[m.role] ~ m.content }}"
        "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ tokens.assistant }}{% endif %}"
    )
    inner = ByteBPE.train(ByteBPE.Config(vocab_size=300, special_tokens=ROLES), iter([SAMPLE]))
    tokenizer = save_tokenizer(tmp_path, inner.inner, inner.roles, template)
    talk = [
        Message(role="user", content="one"),
        Message(role="assistant", content="two"),
        Message(role="user", content="three"),
    ]
    with pytest.raises(BadData):
        encode_chat(tokenizer, talk, add_generation_prompt=True)
    asked = encode_prompt(tokenizer, talk)
    assert asked.text == "<|user|>one<|user|>three<|assistant|>"
    assert asked.ids[-1] == tokenizer.role_id("assistant")
