"""Datasets on a real server: made by runs there, looked at, compared, sent out and deleted."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.conftest import end_attempts, make_home
from tests.server.house import House
from tests.worker.attempts import until

Json = dict[str, Any]
SOURCE = {"kind": "files", "path": "", "on_bad": "leave_out"}
STEPS = [{"kind": "length", "min_characters": 20}, {"kind": "exact_duplicates"}]
LIMIT_S = 120


class Made:
    """A server with the dataset `plays`: two versions of six files of which two fall away, split by a run `parts`."""

    def __init__(self, folder: Path) -> None:
        self.house = House(make_home(folder / "home"))
        self.texts = folder / "texts"
        self.texts.mkdir()
        for number in range(4):
            self.write(number, f"Scene {number}. The king walks alone; größer is the night.\n")
        self.write(4, "Exeunt.")
        self.write(5, "Scene 3. The king walks alone; größer is the night.\n")
        self.flows: list[str] = []

    def write(self, number: int, text: str) -> None:
        (self.texts / f"{number}.txt").write_text(text, encoding="utf-8")

    def build(self, name: str, output: str, **nodes: Json) -> Json:
        """Run a flow to its end; returns the run in full."""
        document = {"name": name, "title": name, "output": output, "nodes": nodes}
        answer = self.house.api.post("/api/runs", json={"document": document})
        assert answer.status_code == 201, answer.text
        run = answer.json()["run"]["id"]
        self.flows.append(run)
        until(lambda: self.shown(run)["run"]["status"] in ("done", "failed"), LIMIT_S)
        shown = self.shown(run)
        assert shown["run"]["status"] == "done", shown["state"]["error"]
        return shown

    def build_plays(self) -> Json:
        source = {**SOURCE, "path": str(self.texts)}
        data = {"stage": "import_dataset", "config": {"source": source}}
        clean = {
            "stage": "clean_dataset",
            "config": {"steps": STEPS},
            "inputs": {"dataset": "data.dataset"},
        }
        return self.build("plays", "clean.dataset", data=data, clean=clean)

    def shown(self, run: str) -> Json:
        found: Json = self.house.api.get(f"/api/runs/{run}").json()
        return found

    def get(self, path: str, status: int = 200, **query: Any) -> Json:
        answer = self.house.api.get(f"/api/datasets{path}", params=query)
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = Made(tmp_path_factory.mktemp("datasets"))
    with made.house:
        made.build_plays()
        made.write(0, "Scene 0. The queen walks alone; größer is the night.\n")
        made.write(6, "Scene 6. A messenger: the fleet is lost, my lord.\n")
        (made.texts / "1.txt").unlink()
        made.build_plays()
        split = {"stage": "split_dataset", "inputs": {"dataset": "plays@2"}}
        made.build("parts", "split.train", split=split)
        yield made
    end_attempts(made.house.home)


def test_the_list_names_each_dataset_once_at_its_latest_version(made: Made) -> None:
    page = made.get("")
    assert [(one["name"], one["version"]) for one in page["items"]] == [("parts", 1), ("plays", 2)]
    plays = page["items"][1]
    assert (plays["num_documents"], plays["is_present"], plays["description"]) == (4, True, None)
    assert plays["num_bytes"] < 400 < plays["size_bytes"]
    first = made.get("", limit=1)
    second = made.get("", limit=1, after=first["next"])
    assert [first["items"][0]["name"], second["items"][0]["name"]] == ["parts", "plays"]
    assert (first["total"], second["next"]) == (2, None)
    assert made.get("", project="elsewhere") == {"items": [], "next": None, "total": 0}


def test_a_dataset_tells_its_way_from_the_import(made: Made) -> None:
    detail = made.get("/plays")
    assert detail["label"] == "dataset/plays@2"
    assert [version["number"] for version in detail["versions"]] == [2, 1]
    first, second = detail["lineage"]
    assert (first["stage"], first["documents_before"], first["documents_after"]) == (
        "import_dataset",
        None,
        6,
    )
    assert first["settings"]["source.path"] == str(made.texts)
    assert (second["stage"], second["documents_before"], second["documents_after"]) == (
        "clean_dataset",
        6,
        4,
    )
    assert second["settings"] == {"steps": "length, exact_duplicates"}
    assert second["inputs"] == [first["artifact"]] and second["artifact"] == detail["artifact"]
    assert {first["flow_run"], second["flow_run"]} == {made.flows[1]}


def test_what_cleaning_did_is_told_of_the_dataset_and_of_its_parts(made: Made) -> None:
    cleaning = made.get("/plays")["cleaning"]
    assert [(step["kind"], step["removed"]) for step in cleaning["steps"]] == [
        ("length", 1),
        ("exact_duplicates", 1),
    ]
    assert cleaning["steps"][1]["samples"][0]["twin"]["id"] == "3.txt"
    part = made.get("/parts")
    assert part["cleaning"] == cleaning
    assert [step["stage"] for step in part["lineage"]][-1] == "split_dataset"
    assert made.get(f"/{part['lineage'][0]['artifact']}")["cleaning"] is None


def test_parts_and_users(made: Made) -> None:
    detail = made.get("/plays")
    counts = {part["part"]: part["num_documents"] for part in detail["parts"]}
    assert counts == {"train": 3, "validation": 1}
    leakage = detail["leakage"]
    assert (leakage["on_leak"], leakage["examples"]) == ("drop", [])
    assert leakage["found"] == {"validation": {"equal": 0, "near": 0}}
    assert made.get("/plays@1")["leakage"] is None
    (run,) = detail["used_by"]["runs"]
    assert run == {
        "run": made.flows[2],
        "name": "parts",
        "status": "done",
        "stages": ["split_dataset"],
    }
    (item,) = detail["used_by"]["items"]
    assert item == {"kind": "dataset", "name": "parts", "project": "default", "version": 1}
    assert made.get("/plays@1")["used_by"] == {"runs": [], "items": []}


def test_by_version_id_and_run(made: Made) -> None:
    old, new = made.get("/plays@1"), made.get("/plays@2")
    assert old["artifact"] != new["artifact"] and (old["version"], new["version"]) == (1, 2)
    by_id = made.get(f"/{new['artifact'][:12]}")
    assert (by_id["name"], by_id["version"], by_id["lineage"]) == ("plays", 2, new["lineage"])
    raw = made.get(f"/{new['lineage'][0]['run']}")
    assert (raw["name"], raw["versions"], raw["num_documents"]) == (None, [], 6)
    assert made.get("/nobody", 404)["code"] == "reference-not-found"
    assert made.get("/plays@7", 404)["detail"].startswith("It has 1 to 2")


def test_documents_one_after_another_and_by_place(made: Made) -> None:
    found = made.get("/plays@1/documents", limit=2, offset=1)
    assert found["num_documents"] == 4
    assert [(one["ordinal"], one["id"]) for one in found["documents"]] == [
        (1, "1.txt"),
        (2, "2.txt"),
    ]
    picked = made.get("/plays@1/documents", ordinals=[3, 0, 99])["documents"]
    assert [one["ordinal"] for one in picked] == [0, 3]
    assert picked[1]["text"].startswith("Scene 3.") and not picked[1]["is_cut"]
    (cut,) = made.get("/plays@1/documents", limit=1, start=7, max_characters=5)["documents"]
    assert (cut["text"], cut["is_cut"]) == (". The", True)
    assert made.get("/plays@1/documents", offset=4)["documents"] == []


@pytest.fixture(scope="module")
def described(made: Made) -> Made:
    """With figures about `plays@2`, ordered over the interface."""
    refused = made.get("/plays/statistics", 404)
    assert (refused["code"], "glassworks dataset stats plays@2" in refused["detail"]) == (
        "not-described",
        True,
    )
    assert made.get("/plays/search", 404, q="king")["code"] == "not-described"
    order = made.house.api.post("/api/datasets/plays/describe", json={})
    assert order.status_code == 201, order.text
    run = order.json()["run"]
    until(lambda: made.shown(run)["run"]["status"] in ("done", "failed"), LIMIT_S)
    shown = made.shown(run)["run"]
    assert (shown["status"], shown["name"]) == ("done", "describe-plays")
    return made


def test_figures_once_it_is_described(described: Made) -> None:
    found = described.get("/plays/statistics")
    assert (found["num_documents"], found["num_sources"], found["tokens"]) == (4, 4, None)
    assert found["lengths"]["unit"] == "bytes"
    detail = described.get("/plays")
    assert detail["description"] == described.get("")["items"][1]["description"] is not None
    assert described.get("/plays@1/statistics", 404)["code"] == "not-described"
    assert [run["name"] for run in detail["used_by"]["runs"]] == ["parts"]


def test_search_shows_where_the_words_are(described: Made) -> None:
    found = described.get("/plays/search", q="KING grosser alone")
    assert (found["total"], found["num_documents"]) == (0, 4)  # ß stays ß
    found = described.get("/plays/search", q="king größer")
    assert sorted(one["id"] for one in found["items"]) == ["2.txt", "3.txt"]
    assert (found["total"], found["next"]) == (2, None)
    for one in found["items"]:
        hits = [one["text"][begin:end] for begin, end in one["marks"]]
        assert hits == ["king", "größer"]
    assert [one["id"] for one in described.get("/plays/search", q="quee*")["items"]] == ["0.txt"]
    assert described.get("/plays/search", q='"alone walks"')["total"] == 0
    assert described.get("/plays/search", q='"walks alone"')["total"] == 3


def test_search_page_after_page(described: Made) -> None:
    ids, after = [], None
    for _ in range(3):
        query: Json = {"q": "scene", "limit": 2, **({"after": after} if after else {})}
        page = described.get("/plays/search", **query)
        assert page["total"] == 4
        ids += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(ids) == ["0.txt", "2.txt", "3.txt", "6.txt"]
    first = described.get("/plays/search", q="scene", limit=2)["next"]
    refused = described.get("/plays@1/search", 422, q="scene", after=first)
    assert refused["code"] == "bad-page-cursor"


@pytest.mark.parametrize(
    "words",
    ["", '"', '"king', "AND", "king OR", "NEAR(king", "text:king", "-king", "king^2", "(", "*", "'",
     "a\0b", '""" ; DROP TABLE documents; --', "ki*ng", "{x}", "💥 \u0301", "k" * 200],
)  # fmt: skip
def test_whatever_is_written_is_looked_for(described: Made, words: str) -> None:
    found = described.house.api.get("/api/datasets/plays/search", params={"q": words})
    assert found.status_code == 200, found.text


def test_signs_are_no_operators(described: Made) -> None:
    assert described.get("/plays/search", q="king OR queen")["total"] == 0
    assert described.get("/plays/search", q="-king")["total"] == 2
    assert described.get("/plays/search", q="king ...")["total"] == 2


def test_what_changed_between_two_versions(made: Made) -> None:
    found = made.get("/plays@1/difference", to="plays@2")
    assert (found["before"]["label"], found["after"]["label"]) == (
        "dataset/plays@1",
        "dataset/plays@2",
    )
    counts = [found[name] for name in ("added", "removed", "changed", "renamed", "same")]
    assert counts == [1, 1, 1, 0, 2]
    examples = found["examples"]
    assert [one["id"] for one in examples["added"]] == ["6.txt"]
    assert [one["id"] for one in examples["removed"]] == ["1.txt"]
    assert (examples["changed"][0]["before"][:19], examples["changed"][0]["after"][:20]) == (
        "Scene 0. The king w",
        "Scene 0. The queen w",
    )
    same = made.get("/plays/difference", to="plays@2", limit=0)
    assert (same["same"], same["changed"]) == (4, 0)
    assert made.get("/plays/difference", 404, to="nobody")["code"] == "reference-not-found"


def test_a_dataset_is_downloaded_as_a_file(made: Made) -> None:
    def load(format_: str) -> tuple[str, bytes]:
        query = {"format": format_}
        answer = made.house.api.get("/api/datasets/plays@1/file", params=query)
        assert answer.status_code == 200, answer.text
        name = answer.headers["content-disposition"].partition("filename=")[2].strip('"')
        return name, answer.content

    documents = made.get("/plays@1/documents")["documents"]
    texts = [one["text"] for one in documents]
    name, content = load("jsonl")
    assert name == "plays-1.jsonl"
    assert [json.loads(line)["text"] for line in content.splitlines()] == texts
    rows = list(csv.DictReader(io.StringIO(load("csv")[1].decode(), newline="")))
    assert [row["text"] for row in rows] == texts
    assert pq.read_table(io.BytesIO(load("parquet")[1])).column("text").to_pylist() == texts
    assert load("txt")[1].decode() == "\n".join(texts)
    assert made.get("/plays/file", 422, format="xlsx")["code"] == "invalid-request"


def test_files_are_looked_into_before_anybody_imports_them(made: Made) -> None:
    def ask(status: int = 200, **body: Any) -> Json:
        answer = made.house.api.post("/api/datasets/inspect", json=body)
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found

    data = b"".join(b'{"n": %d, "body": "ticket"}\n' % n for n in range(3))
    folder = made.house.api.post("/api/upload-folders", json={"name": "in"}).json()["id"]
    announced = {"name": "sub/a.jsonl", "size_bytes": len(data), "folder": folder}
    upload = made.house.api.post("/api/uploads", json=announced).json()["id"]
    made.house.api.put(f"/api/uploads/{upload}", content=data, headers={"Upload-Offset": "0"})
    assert ask(404, upload=upload)["code"] == "upload-not-found"
    assert ask(upload=folder)["num_files"] == 1  # also while files arrive
    made.house.api.post(f"/api/uploads/{upload}/complete", json={}).raise_for_status()
    made.house.api.post(f"/api/upload-folders/{folder}/complete").raise_for_status()
    found = ask(upload=folder)
    (one,) = found["files"]
    assert (found["num_files"], one["name"], one["num_documents"]) == (1, "sub/a.jsonl", 3)
    assert (one["mapping"]["text"], one["problem"]) == ("body", None)
    assert ask(path=str(made.texts), limit=2)["num_files"] == 6
    assert ask(422)["code"] == ask(422, upload=folder, path="x")["code"] == "no-source"
    assert ask(422, path=str(made.texts), settings={"soup": 1})["code"] == "invalid-config"


def test_what_somebody_needs_is_not_deleted(made: Made) -> None:
    def delete(ref: str, status: int) -> Json:
        answer = made.house.api.delete(f"/api/datasets/{ref}")
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found

    refused = delete("plays@2", 409)
    assert (refused["code"], "dataset/parts@1" in refused["title"]) == ("in-use", True)
    assert delete("plays", 409)["code"] == "in-use"
    assert delete(made.get("/plays@1")["artifact"], 422)["code"] == "no-name-to-delete"
    assert delete("nobody", 404)["code"] == "reference-not-found"
    assert made.get("/plays")["is_present"]

    old = made.get("/plays@1")
    gone = delete("plays@1", 200)
    assert (gone["versions"], gone["artifacts"]) == ([1], [old["artifact"]])
    assert gone["freed_bytes"] == old["size_bytes"]
    assert [version["number"] for version in made.get("/plays")["versions"]] == [2]
    assert made.get("/plays@1", 404)["code"] == "version-not-found"
    item = made.house.api.get("/api/items/dataset/plays").json()
    assert (item["version"], len(item["versions"])) == (2, 1)
    assert made.get(f"/{old['artifact'][:12]}", 404)["code"] == "reference-not-found"

    delete("parts", 200)
    delete("plays", 200)
    assert made.get("")["items"] == []
    assert made.house.api.get("/api/items", params={"kind": "dataset"}).json()["total"] == 0
    assert made.shown(made.flows[1])["run"]["status"] == "done"


def test_what_was_deleted_is_made_anew_by_its_recipe(made: Made) -> None:
    if made.get("")["items"]:
        made.house.api.delete("/api/datasets/parts")
        made.house.api.delete("/api/datasets/plays")
    shown = made.build_plays()
    actions = {node["name"]: node["action"] for node in shown["nodes"]}
    assert actions == {"data": "reuse", "clean": "run"}
    until(lambda: made.get("/plays")["is_present"])
    assert made.get("/plays/documents")["num_documents"] == 4
