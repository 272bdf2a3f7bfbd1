"""The playground on a real server, with a model that is being trained: exact, cancelled, killed, and never orphaned."""

import base64
import json
import os
import signal
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from glassworks.lm.generate.settings import GenerateSettings
from glassworks.server.features.playground.leases import Pace, step_at
from glassworks.server.features.playground.schemas import SamplingSettings
from tests.conftest import end_attempts, make_home, tiny_document, tiny_text
from tests.server.house import House
from tests.worker.attempts import is_gone, until

ENDLESS = {"max_tokens": 10_000_000, "temperature": 0}
"""Greedy: a draw would come upon the end of a text sooner or later, and on each kind of processor elsewhere."""
SHORT = {"max_tokens": 12, "seed": 5}
STEPS = 1_000_000
Frame = dict[str, Any]


class Trained:
    """A server with one model that is done (`tiny`) and one that is being trained (`live`)."""

    def __init__(self, folder: Path) -> None:
        self.home = make_home(folder / "home")
        self.house = House(self.home)
        self.training = self.finished = ""
        """The training's run of each, once it has begun."""
        self.text = folder / "words.txt"
        self.text.write_text(tiny_text())

    def begin(self, name: str, **train: Any) -> str:
        document = tiny_document(name, self.text, train)
        answer = self.house.api.post("/api/runs", json={"document": document})
        assert answer.status_code == 201, answer.text
        run: str = answer.json()["run"]["id"]
        return run

    def status(self, run: str) -> str:
        found: str = self.house.api.get(f"/api/runs/{run}").json()["run"]["status"]
        return found

    def models(self) -> list[Frame]:
        items: list[Frame] = self.house.api.get("/api/models").json()["items"]
        return items

    def generate(self, **ask: Any) -> list[Frame]:
        answer = self.house.api.post("/api/playground/generate", json=ask)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        return [json.loads(line) for line in answer.text.splitlines()]

    def spans(self) -> list[Frame]:
        """When models were asked beside the training that goes on."""
        answer = self.house.api.get("/api/playground/leases", params={"run": self.training})
        items: list[Frame] = answer.json()["items"]
        return items

    def node(self, run: str, stage: str) -> str:
        nodes = self.house.api.get(f"/api/runs/{run}").json()["nodes"]
        return str(next(node["run"] for node in nodes if node["stage"] == stage))

    def model_processes(self) -> list[psutil.Process]:
        children = psutil.Process(self.house.process.pid).children(recursive=True)
        return [one for one in children if "serve" in one.cmdline() and not is_gone(one.pid)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    one = Trained(tmp_path_factory.mktemp("playground"))
    with one.house:
        tiny = one.begin("tiny", steps=4)
        until(lambda: one.status(tiny) == "done")
        live = one.begin("live", steps=STEPS, checkpoint_every=50, sample_every=0, seed=9)
        until(lambda: [m["run"] for m in one.models() if m["is_live"]] == [live])
        one.training = one.node(live, "train_model")
        one.finished = one.node(tiny, "train_model")
        yield one
        one.house.api.post(f"/api/runs/{live}/cancel")
        until(lambda: one.status(live) == "stopped")
    end_attempts(one.home)


def test_an_answer(trained: Trained) -> None:
    started, *tokens, done = trained.generate(
        ref="tiny", prompt="the wind", settings=SHORT, alternatives=3
    )
    assert "".join(started["prompt_pieces"]) == "the wind"
    model = started["model"]
    assert (model["label"], model["step"], model["run_step"]) == ("tiny@1", 4, 4)
    assert len(model["checkpoint"]) == 64
    assert {token["type"] for token in tokens} == {"token"}
    assert all(len(token["alternatives"]) == 3 for token in tokens)
    assert (done["type"], done["num_tokens"]) == ("done", len(tokens))
    again = trained.generate(ref="tiny", prompt_ids=started["prompt_ids"], settings=SHORT)
    assert [t["id"] for t in again[1:-1]] == [t["id"] for t in tokens]


def test_branching_at_a_token(trained: Trained) -> None:
    greedy = {"temperature": 0, "max_tokens": 8}
    started, *tokens, _ = trained.generate(ref="tiny", prompt="the", settings=greedy)
    begin = started["prompt_ids"] + [token["id"] for token in tokens[:3]]
    _, *rest, _ = trained.generate(
        ref="tiny", prompt_ids=begin, settings={"temperature": 0, "max_tokens": len(tokens) - 3}
    )
    assert [token["id"] for token in rest] == [token["id"] for token in tokens[3:]]


def test_what_comes_next(trained: Trained) -> None:
    answer = trained.house.api.post(
        "/api/playground/next", json={"ref": "tiny", "prompt": "the"}
    ).json()
    logits = struct.unpack(f"<{answer['vocab_size']}f", base64.b64decode(answer["logits"]))
    best = max(range(len(logits)), key=lambda i: logits[i])
    assert len(answer["pieces"]) == 256
    _, token, _ = trained.generate(
        ref="tiny", prompt="the", settings={"temperature": 0, "max_tokens": 1}
    )
    assert token["id"] == best
    assert answer["pieces"][str(best)] == token["alternatives"][0]["text"]


def test_a_text_is_cut(trained: Trained) -> None:
    answer = trained.house.api.post(
        "/api/playground/tokens", json={"ref": "tiny", "text": "the wind"}
    ).json()
    assert "".join(answer["pieces"]) == "the wind"
    assert len(answer["ids"]) == len(answer["nats"])


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        ({"ref": "nobody", "prompt": "x"}, 404, "reference-not-found"),
        ({"ref": "tiny:77", "prompt": "x"}, 404, "no-checkpoint"),
        ({"ref": "tiny", "prompt_ids": [99999]}, 422, "unknown-token"),
        ({"ref": "tiny"}, 422, "invalid-request"),
        ({"ref": "tiny", "prompt": "x", "prompt_ids": [1]}, 422, "invalid-request"),
        ({"ref": "tiny", "prompt": "x", "settings": {"warmth": 1}}, 422, "invalid-request"),
        ({"ref": "tiny", "prompt": "x", "alternatives": 21}, 422, "invalid-request"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(
    trained: Trained, ask: dict[str, Any], status: int, code: str
) -> None:
    answer = trained.house.api.post("/api/playground/generate", json=ask)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not [span for span in trained.spans() if span["ended_at"] is None]


def test_closing_the_answer_cancels_the_writing(trained: Trained) -> None:
    ask = {"ref": "tiny", "prompt": "the", "settings": ENDLESS}
    with trained.house.api.stream("POST", "/api/playground/generate", json=ask) as answer:
        lines = answer.iter_lines()
        assert [json.loads(next(lines))["type"] for _ in range(5)][:2] == ["started", "token"]
        until(lambda: [span["ended_at"] for span in trained.spans()][-1] is None)
    until(lambda: trained.spans()[-1]["ended_at"])


def test_a_run_that_goes_on_answers_with_its_newest_checkpoint(trained: Trained) -> None:
    (live,) = [model for model in trained.models() if model["is_live"]]
    assert live["ref"] == f"{live['run']}:latest"
    first = trained.generate(ref=live["ref"], prompt="the", settings=SHORT)[0]["model"]
    assert first["run"] == live["run"]
    assert first["run_step"] >= first["step"] >= 50
    assert first["label"] == f"live, step {first['step']:,}"
    before = {process.pid for process in trained.model_processes()}
    until(lambda: _live_step(trained) > first["step"])
    second = trained.generate(ref=live["ref"], prompt="the", settings=SHORT)[0]["model"]
    assert second["step"] > first["step"]
    assert second["checkpoint"] != first["checkpoint"]
    assert {process.pid for process in trained.model_processes()} == before, "not loaded in place"
    old = trained.generate(ref=f"{live['run']}:{first['step']}", prompt="the", settings=SHORT)
    assert old[0]["model"]["checkpoint"] == first["checkpoint"]


def _live_step(trained: Trained) -> int:
    (live,) = [model for model in trained.models() if model["is_live"]]
    step: int = live["step"]
    return step


def test_models_are_listed(trained: Trained) -> None:
    found = trained.models()
    assert [found[0]["is_live"], found[1]["ref"]] == [True, "model/tiny@1"]
    assert found[1]["run"] == found[-1]["run"]
    assert found[1]["kind"] == "version"
    assert found[1]["validation_loss"] > 0
    steps = [one["step"] for one in found if one["label"].startswith("tiny, step")]
    assert steps == [4]
    other = trained.house.api.get("/api/models", params={"project": "nothing"}).json()
    assert other["items"] == []


def test_spans_say_when_a_model_was_asked_and_where_the_training_stood(trained: Trained) -> None:
    trained.generate(ref=f"{trained.finished}:latest", prompt="the", settings=SHORT)

    def told() -> list[Frame]:
        """A span is listed once the training has told of a step after it began."""
        found = [span for span in trained.spans() if span["ref"] == f"{trained.finished}:latest"]
        return [span for span in found if span["ended_at"]]

    until(told)
    (last,) = told()
    assert last["label"] == "tiny, step 4"
    assert last["started_at"] < last["ended_at"]
    assert 0 < last["from_step"] < last["to_step"] < STEPS
    params = {"run": trained.finished}
    assert trained.house.api.get("/api/playground/leases", params=params).json()["items"] == []


def test_a_moment_lies_between_the_steps_that_were_told() -> None:
    paces = [Pace(f"2026-03-01T12:00:0{second}.000000Z", step) for second, step in ((1, 0), (3, 8))]
    moments = {"0": 0, "1": 0, "2": 4, "2.5": 6, "3": 8, "9": 8}
    for second, step in moments.items():
        whole, _, part = second.partition(".")
        time = f"2026-03-01T12:00:0{whole}.{part:0<6}Z"
        assert step_at(paces, time) == step


def test_a_model_is_loaded_ahead(trained: Trained) -> None:
    answer = trained.house.api.post("/api/playground/warm", json={"ref": "tiny"})
    assert answer.status_code == 202
    until(lambda: trained.spans()[-1]["ended_at"])


def test_a_killed_model_is_told_and_another_one_answers(trained: Trained) -> None:
    ask = {"ref": "tiny", "prompt": "the", "settings": ENDLESS}
    with trained.house.api.stream("POST", "/api/playground/generate", json=ask) as answer:
        lines = answer.iter_lines()
        next(lines)
        for process in trained.model_processes():
            os.kill(process.pid, signal.SIGKILL)
        last = json.loads(list(lines)[-1])
    assert (last["type"], last["problem"]["code"]) == ("error", "model-process-ended")
    assert trained.generate(ref="tiny", prompt="the", settings=SHORT)[-1]["type"] == "done"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_model_outlives_the_server(tmp_path: Path, how: int) -> None:
    one = Trained(tmp_path)
    one.house.start()
    run = one.begin("tiny", steps=2)
    until(lambda: one.status(run) == "done")
    ask = {"ref": "tiny", "prompt": "the", "settings": ENDLESS}
    with one.house.api.stream("POST", "/api/playground/generate", json=ask) as answer:
        next(answer.iter_lines())
        processes = one.model_processes()
        assert processes
        one.house.process.send_signal(how)
        one.house.process.wait(30)
        until(lambda: all(is_gone(process.pid) for process in processes))
    one.house.stop(how)


def test_the_settings_are_those_of_the_library() -> None:
    assert set(SamplingSettings.model_fields) == set(GenerateSettings.model_fields)
    for name, field in GenerateSettings.model_fields.items():
        bounds = [str(one) for one in SamplingSettings.model_fields[name].metadata]
        assert [str(one) for one in field.metadata] == bounds or name == "stop"
