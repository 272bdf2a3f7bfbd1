"""Datasets on a real server: made by runs there, looked at, compared, sent out and deleted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
