"""What a step read, what is copied and what was measured at the end, asked over HTTP of a real server: while the run waits, and when it is done."""

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import make_home, tiny_document, tiny_text
from tests.processes import until
from tests.server.house import House

LIMIT_S = 240
"""For a busy machine; nothing here measures time."""


class Done:
    """A server with a finished training of 8 steps, saved every 4."""

    def __init__(self, folder: Path) -> None:
        self.house = House(make_home(folder / "home"))
        self.text = folder / "words.txt"
        self.text.write_text(tiny_text())

    def run(self) -> None:
        self.flow = self.order(json={"document": tiny_document("tiny", self.text, {})})
        until(partial(self.is_done, self.flow), LIMIT_S)

    def order(self, path: str = "/api/runs", **ask: Any) -> str:
        answer = self.house.api.post(path, **ask)
        assert answer.status_code == 201, answer.text
        run: str = answer.json()["run"] if path != "/api/runs" else answer.json()["run"]["id"]
        return run

    def is_done(self, run: str) -> bool:
        status = self.house.api.get(f"/api/runs/{run}").json()["run"]["status"]
        assert status != "failed"
        return bool(status == "done")

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.house.api.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    made = Done(tmp_path_factory.mktemp("reading"))
    with made.house:
        made.run()
        yield made


def test_the_batch_of_a_step_with_its_loss(done: Done) -> None:
    found = done.get(f"/api/runs/{done.flow}/steps/5/batch?row=2&rows=9")
    assert (found["step"], found["last_step"], found["num_rows"]) == (5, 8, 4)
    assert [row["row"] for row in found["rows"]] == [2, 3]
    assert found["weights"]["step"] == 4
    assert found["mean_nats"] == pytest.approx(found["recorded_loss"], rel=1e-4)
    detail = done.get(f"/api/runs/{done.flow}")
    training = next(node["run"] for node in detail["nodes"] if node["name"] == "train")
    assert found["run"] == training
    assert done.get(f"/api/runs/{training}/steps/5/batch?row=2&rows=9") == found
    row = found["rows"][0]
    place = f"ordinals={row['stretches'][0]['ordinal']}"
    documents = done.get(f"/api/datasets/{row['dataset'][:12]}/documents?{place}")["documents"]
    assert documents[0]["id"] == row["stretches"][0]["document"]


def test_what_cannot_be_read(done: Done) -> None:
    assert done.get(f"/api/runs/{done.flow}/steps/9/batch", 422)["code"] == "no-such-step"
    assert done.get(f"/api/runs/{done.flow}/steps/1/batch?rank=1", 422)["code"] == "no-such-rank"
    assert done.get("/api/runs/r000000000/steps/1/batch", 404)["code"] == "run-not-found"


def test_a_checkpoint_is_checked_kept_and_let_go(done: Done) -> None:
    path = f"/api/runs/{done.flow}/checkpoints"
    assert [row["step"] for row in done.get(path)["items"]] == [4, 8]
    checked = done.get(f"{path}/check?steps=4&steps=8")["items"]
    assert [(one["step"], one["problems"]) for one in checked] == [(4, []), (8, [])]
    kept = done.house.api.put(f"{path}/4/name", json={"name": "early"})
    assert kept.json() == {"step": 4, "names": ["early@1"]}
    assert done.get(path)["items"][0]["kept_as"] == "early@1"
    assert done.get("/api/items/model/early")["summary"]["step"] == 4
    assert done.house.api.delete(f"{path}/4/name").json() == {"step": 4, "names": ["early@1"]}
    assert done.get("/api/items/model/early", 404)["code"] == "item-not-found"
    assert done.house.api.delete(f"{path}/4/name").json()["code"] == "not-kept"
    assert done.get(f"{path}/check?steps=5", 404)["code"] == "no-checkpoint"


def test_copies_are_found_once_the_text_is_indexed(done: Done) -> None:
    """A second order finds it made."""
    line = tiny_text().split("\n\n")[0]
    text = f"{line} and the sea is ours"
    ask = {"ref": "tiny", "text": text, "min_characters": 15}
    refused = done.house.api.post("/api/copies", json=ask)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-indexed")
    run = done.order("/api/copies/index", json={"ref": "tiny"})
    until(partial(done.is_done, run), LIMIT_S)
    assert done.order("/api/copies/index", json={"ref": done.flow}) is None
    answer = done.house.api.post("/api/copies", json=ask)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["texts"][0]["label"] == "the train part of tiny"
    span = found["spans"][0]
    assert (span["start"], span["text"]) == (0, text[: span["stop"]])
    assert span["stop"] >= len(line)
    assert found["chance"]["num_passages"] == 16


def test_what_was_measured_at_the_end_stands_beside_yardsticks(done: Done) -> None:
    document = tiny_document("measured", done.text, {})
    inputs = {"validation": "tokens.validation", "train": "tokens.train"}
    document["nodes"]["evaluate"] = {
        "stage": "evaluate_model",
        "inputs": {
            **inputs,
            "checkpoint": "train.checkpoint",
            "tokenizer": "tokenizer.tokenizer",
        },
    }
    flow = done.order(json={"document": document})
    until(partial(done.is_done, flow), LIMIT_S)
    (found,) = done.get(f"/api/runs/{flow}/evaluations")
    uniform = next(one for one in found["yardsticks"] if one["kind"] == "uniform")
    assert uniform["loss"]["nats_per_token"] == pytest.approx(math.log(280), abs=0.3)
    assert found["loss"]["num_bytes"] == uniform["loss"]["num_bytes"] > 0
    assert (found["step"], found["scores"]) == (8, [])
    assert done.get(f"/api/runs/{done.flow}/evaluations") == []
