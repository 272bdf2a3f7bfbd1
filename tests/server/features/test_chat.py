"""The playground's chat on a real server: a model with a chat template gets messages, one without is told from it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import make_home
from tests.server.house import House
from tests.worker.models import make_chat_model, make_tiny_model

SURE = {"temperature": 0, "max_tokens": 30}
PING = [{"role": "user", "content": "ping"}]


def chat_home(folder: Path) -> Path:
    """A home with the model `assistant`, which knows turns, and `plain`, which does not."""
    home = make_home(folder / "home")
    (home / "plain").mkdir()
    for name, model in {
        "assistant": make_chat_model(home),
        "plain": make_tiny_model(home, home / "plain"),
    }.items():
        model.store.items.add_version("model", name, model.checkpoint, None)
    return home


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(chat_home(tmp_path_factory.mktemp("chat"))) as one:
        yield one


def generate(house: House, **ask: Any) -> Any:
    return house.api.post("/api/playground/generate", json={"settings": SURE, **ask})


def test_the_list_says_which_model_knows_turns(house: House) -> None:
    items = house.api.get("/api/models").json()["items"]
    assert {one["label"]: one["has_chat_template"] for one in items} == {
        "assistant@1": True,
        "plain@1": False,
    }


def test_an_answer_to_messages(house: House) -> None:
    answered = generate(house, ref="assistant", messages=PING)
    started, *tokens, done = [json.loads(line) for line in answered.text.splitlines()]
    assert "".join(started["prompt_pieces"]) == "<|user|>ping<|turn|><|assistant|>"
    assert "".join(token["text"] for token in tokens) == "pong"
    assert (done["type"], done["finish_reason"]) == ("done", "end")


def test_a_text_is_gone_on_with_as_before(house: House) -> None:
    answered = generate(house, ref="assistant", prompt="ping")
    started, *tokens, _ = [json.loads(line) for line in answered.text.splitlines()]
    assert "".join(started["prompt_pieces"]) == "ping"
    assert "".join(token["text"] for token in tokens) != "pong"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ({"ref": "plain", "messages": PING}, "no-chat-template"),
        ({"ref": "assistant", "messages": PING, "prompt": "a"}, "invalid-request"),
        ({"ref": "assistant", "messages": []}, "invalid-request"),
        ({"ref": "assistant", "messages": [{"role": "king", "content": "a"}]}, "invalid-request"),
    ],
)
def test_what_is_wrong_is_said_first(house: House, ask: dict[str, Any], code: str) -> None:
    answered = generate(house, **ask)
    assert answered.status_code == 422
    assert answered.json()["code"] == code
