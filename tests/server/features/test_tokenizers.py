"""Tokenizers over HTTP: every call on a real tokenizer, and nothing but what the store holds."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glassworks.lm.data.documents import DatasetWriter, Document
from glassworks.lm.tokenizer.summary import summary_of
from glassworks.lm.tokenizer.tokenizer import Tokenizer, load_tokenizer, save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.storage.store import Store, open_store
from tests.conftest import make_home
from tests.lm.tokenizer.plays import plays
from tests.server.house import House

Json = dict[str, Any]
TEXT = plays()[0][:40_000]
VOCAB_SIZE = 500


class Bench:
    """A server whose store holds the tokenizer `bard`, a model that speaks through it, and the dataset `plays`."""

    def __init__(self, folder: Path) -> None:
        home = make_home(folder / "home")
        store = open_store(home / "store")
        self.folder = folder
        self.artifact, self.tokenizer = _publish_tokenizer(store, folder / "tokenizer")
        self.dataset = _publish_dataset(store, folder / "dataset")
        (folder / "model").mkdir()
        about = json.dumps({"tokenizer": self.artifact})
        (folder / "model" / "checkpoint.json").write_text(about)
        model = store.artifacts.publish_folder("checkpoint", folder / "model", {}).id
        store.items.add_version("tokenizer", "bard", self.artifact, None)
        store.items.add_version("model", "hamlet", model, None)
        store.items.add_version("dataset", "plays", self.dataset, None)
        self.house = House(home)

    def get(self, path: str, **params: Any) -> Json:
        answer = self.house.api.get(f"/api/tokenizers{path}", params=params)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def post(self, path: str, **ask: Any) -> Json:
        answer = self.house.api.post(f"/api/tokenizers{path}", json=ask)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found


def _publish_tokenizer(store: Store, folder: Path) -> tuple[str, Tokenizer]:
    folder.mkdir()
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=VOCAB_SIZE), iter([TEXT]))
    save_tokenizer(folder, trained.inner, trained.roles)
    tokenizer = load_tokenizer(folder)
    found = store.artifacts.publish_folder("tokenizer", folder, summary_of(tokenizer))
    return found.id, tokenizer


def _publish_dataset(store: Store, folder: Path) -> str:
    folder.mkdir()
    with DatasetWriter(folder) as writer:
        for start in range(0, len(TEXT), 8_000):
            part = TEXT[start : start + 8_000]
            writer.add(Document(id=str(start), text=part, source="plays", group=""))
    return store.artifacts.publish_folder("dataset", folder, {}).id


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("bench"))
    with made.house:
        yield made


def test_tokenizers_are_listed_with_known_ones(bench: Bench) -> None:
    rows = {row["ref"]: row for row in bench.get("")["items"]}
    assert list(rows)[:2] == ["tokenizer/bard", "model/hamlet"]
    own = rows["tokenizer/bard"]
    assert (own["label"], own["vocab_size"], own["type"]) == ("bard@1", VOCAB_SIZE, "byte_bpe")
    assert rows["model/hamlet"]["artifact"] == own["artifact"] == bench.artifact
    assert rows["known:bytes"]["is_present"]
    assert rows["known:gpt2"]["package"] == "js-tiktoken"
    other = bench.get("", project="elsewhere")["items"]
    assert {row["kind"] for row in other} == {"known"}


def test_what_a_tokenizer_is(bench: Bench) -> None:
    about = bench.get("/about", ref="hamlet")
    assert (about["label"], about["kind"], about["artifact"]) == (
        "hamlet@1",
        "model",
        bench.artifact,
    )
    assert about["vocab_size"] == VOCAB_SIZE
    assert about["is_lossless"] and not about["losses"]
    assert [one["role"] for one in about["special_tokens"]] == ["end"]
    assert bench.get("/about", ref="known:bytes")["vocab_size"] == 256


@pytest.mark.parametrize("ref", ["bard", "known:bytes"])
def test_tokens_lie_one_after_another_in_the_text(bench: Bench, ref: str) -> None:
    text = "The king, größer 🧵 <|end|>\n"
    found = bench.post("/encode", ref=ref, text=text)
    data = text.encode()
    assert found["num_bytes"] == len(data) > found["num_characters"] == len(text)
    assert [token["id"] for token in found["tokens"]] == found["ids"]
    end = 0
    for token in found["tokens"]:
        assert token["start"] == end
        end = token["end"]
        assert data[token["start"] : end].hex() == token["hex"]
    assert end == len(data)
    assert bench.post("/decode", ref=ref, ids=found["ids"])["text"] == text


def test_a_special_token_in_a_text_is_one_only_where_asked(bench: Bench) -> None:
    end = bench.tokenizer.role_id("end")
    plain = bench.post("/encode", ref="bard", text="ö<|end|>")
    assert end not in plain["ids"]
    *_, last = bench.post("/encode", ref="bard", text="ö<|end|>", allow_special=True)["tokens"]
    assert (last["id"], last["is_special"]) == (end, True)
    assert (last["start"], last["end"]) == (2, 9)


def test_half_a_character_is_shown_as_its_bytes(bench: Bench) -> None:
    found = bench.post("/decode", ref="known:bytes", ids=[0xC3, 0x41])
    assert (found["text"], found["hex"]) == ("\ufffdA", "c341")
    assert [token["hex"] for token in found["tokens"]] == ["c3", "41"]


def test_a_trace_leads_to_the_same_tokens(bench: Bench) -> None:
    bare = bench.post("/trace", ref="bard", text="the king")
    assert bare["ids"] == bench.tokenizer.encode("the king")
    assert [merge["rank"] for merge in bare["merges"]] == sorted(m["rank"] for m in bare["merges"])
    assert {merge["count"] for merge in bare["merges"]} == {None}
    for merge in bare["merges"]:
        assert merge["left_text"] + merge["right_text"] == merge["text"]
    assert bare["words"][1]["text"] == " king"
    assert len(bare["words"][1]["base_ids"]) == len(" king")
    counted = bench.post("/trace", ref="bard", text="the king", dataset="plays")
    assert counted["counted_bytes"] == len(TEXT.encode())
    assert all(merge["count"] > 0 for merge in counted["merges"])
    assert {m["rank"]: m["id"] for m in counted["merges"]} == {
        m["rank"]: m["id"] for m in bare["merges"]
    }
    assert set(map(str, bare["ids"])) <= counted["token_counts"].keys()


def test_tokenizers_are_compared(bench: Bench) -> None:
    ask = {"refs": ["known:bytes", "bard"], "texts": ["To be, or not to be"], "has_probes": True}
    found = bench.post("/compare", **ask)
    whole = {row["tokenizer"]: row for row in found["rows"] if row["by"] == "all"}
    assert whole["known:bytes"]["num_tokens"] == 19 > whole["bard"]["num_tokens"]
    assert whole["bard"]["tokens_to_first"]["value"] < 1
    assert whole["bard"]["bytes_per_token"]["low"] is None
    assert {row["group"] for row in found["probes"]} >= {"German", "Japanese", "Python"}
    assert all(row["bytes_per_token"]["low"] for row in found["probes"])


def test_a_vocabulary_is_leafed_through(bench: Bench) -> None:
    first = bench.get("/vocabulary", ref="bard", sort="longest", limit=3)
    assert first["total"] == VOCAB_SIZE
    assert first["counted_bytes"] == 0
    lengths = [row["num_bytes"] for row in first["items"]]
    second = bench.get("/vocabulary", ref="bard", sort="longest", limit=3, after=first["next"])
    lengths += [row["num_bytes"] for row in second["items"]]
    assert lengths == sorted(lengths, reverse=True)
    ids = [row["token"]["id"] for row in (*first["items"], *second["items"])]
    assert len(set(ids)) == 6
    found = bench.get("/vocabulary", ref="bard", q="th", limit=200)
    assert found["next"] is None
    assert all("th" in row["token"]["text"] for row in found["items"])
    made = next(row for row in found["items"] if row["parts"])
    assert made["count"] is None and made["rank"] is not None


def test_a_vocabulary_is_counted_in_a_dataset(bench: Bench) -> None:
    ids = bench.tokenizer.encode(TEXT[:8_000])
    asked = {"ref": "bard", "dataset": bench.dataset[:12], "sort": "most_used", "limit": 2}
    found = bench.get("/vocabulary", **asked)
    assert found["counted_bytes"] == len(TEXT.encode())
    assert found["items"][0]["count"] >= found["items"][1]["count"] > 0
    assert found["items"][0]["count"] >= max(map(ids.count, set(ids)))
    unused = bench.get("/vocabulary", ref="bard", dataset="plays", sort="never_used", limit=200)
    assert {row["count"] for row in unused["items"]} == {0}


def test_a_smaller_vocabulary_makes_more_tokens(bench: Bench) -> None:
    ask = {"ref": "bard", "dataset": "plays", "sizes": [300, 500, 9_999], "width": 64}
    found = bench.post("/what-if", **ask)
    small, whole = found["rows"]
    assert small["num_tokens"] > whole["num_tokens"]
    assert whole["embedding_parameters"] == 500 * 64
    assert found["dataset"] == bench.dataset
    assert found["counted_bytes"] == len(TEXT.encode())


def test_a_conversation_and_what_is_learned_of_it(bench: Bench) -> None:
    specials = {"user": "<|user|>", "assistant": "<|assistant|>"}
    messages = [
        {"role": "user", "content": "What is glass?"},
        {"role": "assistant", "content": "Sand, melted."},
    ]
    found = bench.post("/chat", ref="bard", messages=messages, special_tokens=specials)
    assert found["text"] == "<|user|>What is glass?<|end|><|assistant|>Sand, melted.<|end|>"
    assert len(found["ids"]) == len(found["mask"]) == found["num_tokens"]
    assert sum(found["mask"]) == found["num_trained"]
    trained = [
        id_ for id_, is_trained in zip(found["ids"], found["mask"], strict=True) if is_trained
    ]
    assert bench.tokenizer.decode(trained) == "Sand, melted."
    own = bench.post(
        "/chat",
        ref="bard",
        messages=messages[:1],
        template="{% for m in messages %}{{ m.content | upper }}{% endfor %}",
    )
    assert own["text"] == "WHAT IS GLASS?"


def test_a_tokenizer_is_downloaded(bench: Bench) -> None:
    file = bench.house.api.get("/api/tokenizers/file", params={"ref": "hamlet"})
    assert file.json() == json.loads(bench.tokenizer.to_json())
    assert "hamlet-1.tokenizer.json" in file.headers["content-disposition"]
    packed = bench.house.api.get("/api/tokenizers/file", params={"ref": "bard", "format": "zip"})
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert sorted(archive.namelist()) == ["bard-1/roles.json", "bard-1/tokenizer.json"]


def test_no_path_of_this_machine_is_a_tokenizer(bench: Bench) -> None:
    inside = bench.house.home / "store" / "artifacts" / bench.artifact[:2] / bench.artifact
    paths = [str(bench.folder / "tokenizer"), str(inside), str(inside / "tokenizer.json"), "/etc"]
    for ref in (*paths, "../tokenizer", "known:../tokenizer", f"known:{inside}"):
        asks: list[tuple[str, Json]] = [
            ("encode", {"ref": ref, "text": "x"}),
            ("decode", {"ref": ref, "ids": [1]}),
            ("trace", {"ref": ref, "text": "x"}),
            ("compare", {"refs": ["bard", ref], "texts": ["x"]}),
            ("what-if", {"ref": ref, "sizes": [300], "dataset": "plays"}),
            ("chat", {"ref": ref, "messages": []}),
        ]
        for call, ask in asks:
            answer = bench.house.api.post(f"/api/tokenizers/{call}", json=ask)
            assert answer.status_code == 404, (call, ref, answer.text)
        for call in ("about", "vocabulary", "file"):
            answer = bench.house.api.get(f"/api/tokenizers/{call}", params={"ref": ref})
            assert answer.status_code in (404, 422), (call, ref, answer.text)
    for call, ask in (
        ("trace", {"ref": "bard", "text": "x", "dataset": str(bench.folder / "dataset")}),
        ("what-if", {"ref": "bard", "sizes": [300], "dataset": str(bench.folder / "dataset")}),
    ):
        assert bench.house.api.post(f"/api/tokenizers/{call}", json=ask).status_code == 404


@pytest.mark.parametrize(
    ("call", "ask", "status", "code"),
    [
        ("encode", {"ref": "nobody", "text": "x"}, 404, "reference-not-found"),
        ("encode", {"ref": "known:soup", "text": "x"}, 404, "tokenizer-not-found"),
        ("encode", {"ref": "plays", "text": "x"}, 422, "wrong-kind"),
        ("encode", {"ref": "bard", "text": "\ud800"}, 422, "lone-surrogate"),
        ("encode", {"ref": "", "text": "x"}, 422, "invalid-request"),
        ("encode", {"ref": "bard", "text": "x" * (1 << 20)}, 429, "body-too-long"),
        ("trace", {"ref": "bard", "text": "x" * 5_001}, 429, "trace-too-long"),
        ("decode", {"ref": "bard", "ids": [VOCAB_SIZE]}, 422, "unknown-token"),
        ("compare", {"refs": ["bard"], "texts": ["x"]}, 422, "invalid-request"),
        ("compare", {"refs": ["bard", "bard"], "texts": ["x"]}, 422, "invalid-request"),
        ("what-if", {"ref": "bard", "sizes": [300]}, 422, "dataset-needed"),
        ("what-if", {"ref": "bard", "sizes": []}, 422, "invalid-request"),
        ("chat", {"ref": "bard", "messages": [{"role": "king", "content": ""}]}, 422, None),
        ("chat", {"ref": "bard", "messages": [], "template": "{{ 1 / 0 }}"}, 422, None),
    ],
)
def test_what_is_wrong_is_a_problem(
    bench: Bench, call: str, ask: Json, status: int, code: str | None
) -> None:
    body = json.dumps(ask)
    answer = bench.house.api.post(
        f"/api/tokenizers/{call}", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert code in (None, answer.json()["code"])


def test_orders_by_use_need_a_dataset_and_pages_a_true_cursor(bench: Bench) -> None:
    for params, code in (
        ({"sort": "rarest"}, "order-needs-dataset"),
        ({"after": "soup"}, "bad-page-cursor"),
        ({"sort": "soup"}, "invalid-request"),
        ({"dataset": "bard"}, "wrong-kind"),
    ):
        answer = bench.house.api.get("/api/tokenizers/vocabulary", params={"ref": "bard", **params})
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_known_one_is_not_ours_to_hand_out(bench: Bench) -> None:
    answer = bench.house.api.get("/api/tokenizers/file", params={"ref": "known:bytes"})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-an-artifact")


def test_a_guest_is_told_nothing(bench: Bench) -> None:
    assert bench.house.guest().get("/api/tokenizers").status_code == 401
