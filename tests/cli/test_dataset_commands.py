"""The commands about datasets, through the shipped command line, in processes of their own."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from glassworks.cli.commands.dataset_import import name_of
from tests.cli.terminal import Terminal
from tests.cli.test_server_commands import server

RECIPE = """
name: plain
title: Files as they are
output: data.dataset
settings: {path: {field: data.source.path, description: The files.}}
nodes: {data: {stage: import_dataset, config: {source: {kind: files}}}}
"""


def prose(number: int) -> str:
    """Some 60 words, different for each number."""
    return " ".join(f"word{(number * 977 + k * k) % 5000}" for k in range(60))


class Files(Terminal):
    """A command line, and in its folder `in/` and `more.txt`; `plays` is imported from both by `clean-files`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        (folder / "in").mkdir()
        (folder / "plain.yaml").write_text(RECIPE)
        for number in range(3):
            (folder / f"in/{number}.txt").write_text(f"The king walks. {prose(number)}")
        (folder / "more.txt").write_text(f"=SUM(A1) The größer queen walks. {prose(9)}")

    def dataset(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        return self.run("dataset", *map(str, arguments))

    def told(self, *arguments: object) -> Any:
        done = self.dataset(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def shown(self, *arguments: object) -> str:
        done = self.dataset(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def refused(self, *arguments: object) -> str:
        done = self.dataset(*arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 2), done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    files = Files(tmp_path_factory.mktemp("files"))
    assert "makes one" in files.shown("ls")
    told = files.told("import", files.folder / "in", files.folder / "more.txt", "--name", "plays")
    assert (told["state"], set(told["outputs"])) == (
        "done",
        {"data.dataset", "clean.dataset", "describe.description"},
    )
    return files


def test_several_paths_are_one_dataset(files: Files) -> None:
    (row,) = files.told("ls")["datasets"]
    assert (row["name"], row["version"], row["num_documents"]) == ("plays", 1, 4)
    detail = files.told("show", "plays", "--documents", "9")
    ids = [document["id"] for document in detail["documents"]]
    assert ids == ["in/0.txt", "in/1.txt", "in/2.txt", "more.txt"]
    assert [step["stage"] for step in detail["lineage"]] == ["import_dataset", "clean_dataset"]


def test_a_dataset_in_words(files: Files) -> None:
    shown = files.shown("show", "plays", "--documents", "1")
    assert "dataset/plays@1: 4 documents" in shown
    assert "clean_dataset\t4 -> 4" in shown
    assert "exact_duplicates\t4 -> 4\t0\t0" in shown
    assert "Nobody uses it" in shown
    assert "in/0.txt" in shown and "The king walks." in shown and "in/1.txt" not in shown
    assert files.shown("ls").startswith("plays\t1\t4\t")


def test_searching(files: Files) -> None:
    found = files.told("search", "plays", "GRÖßER", '"queen walks"')
    assert (found["total"], found["num_documents"]) == (1, 4)
    (match,) = found["matches"]
    assert [match["text"][a:b] for a, b in match["marks"]] == ["größer", "queen walks"]
    shown = files.shown("search", "plays", "king", "--limit", "2")
    assert shown.startswith("3 of 4 documents hold them.")
    assert shown.count("The king walks.") == 2
    assert files.shown("search", "plays", "AND", "(").startswith("0 of 4")


def test_figures(files: Files) -> None:
    found = files.told("stats", "plays")
    assert (found["num_documents"], found["label"], found["tokens"]) == (4, "dataset/plays@1", None)
    shown = files.shown("stats", "plays")
    assert "documents   4" in shown and "█" in shown and "walks 4" in shown


def test_exporting(files: Files) -> None:
    target = files.folder / "out.csv"
    told = files.told("export", "plays", "--output", target)
    assert (told["format"], told["size_bytes"]) == ("csv", target.stat().st_size)
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["in/0.txt", "in/1.txt", "in/2.txt", "more.txt"]
    assert rows[3]["text"].startswith("'=SUM(A1)")
    assert "exists already" in files.refused("export", "plays", "--output", target)
    assert "jsonl, csv" in files.refused("export", "plays", "--output", files.folder / "out.doc")


def test_mistakes_are_told_in_two_lines(files: Files) -> None:
    assert "nobody" in files.refused("show", "nobody")
    assert "no setting `path`" in files.refused(
        "import", files.folder / "in", "--recipe", "arithmetic"
    )
    missing = files.folder / "missing"
    assert str(missing) in files.refused("import", files.folder / "in", missing)
    assert "version" in files.refused("diff", "plays@1", "plays@7")
    assert "nobody" in files.refused("rm", "nobody")


def test_a_new_version_with_a_server_and_deletion_through_it(files: Files) -> None:
    (files.folder / "in/3.txt").write_text(f"A messenger walks. {prose(5)}")
    with server(files):
        plain = ("--recipe", files.folder / "plain.yaml", "--name", "plays")
        assert files.told("import", files.folder / "in", *plain)["state"] == "done"
        found = files.told("diff", "plays@1", "plays")
        assert [found[kind] for kind in ("added", "removed", "renamed", "same")] == [1, 1, 3, 0]
        assert "in/0.txt -> 0.txt" in files.shown("diff", "plays@1", "plays")
        refused = files.refused("search", "plays", "king")
        assert "glassworks dataset stats plays@2" in refused
        told = files.told("stats", "plays")
        assert told["num_documents"] == 4
        assert files.told("search", "plays", "messenger")["total"] == 1
        assert "plays@1, plays@2" in files.refused("rm", "plays")
        assert files.told("rm", "dataset/plays@1")["versions"] == [1]
        assert "version 2 deleted" in files.shown("rm", "plays")
        assert files.told("import", files.folder / "in", *plain)["state"] == "done"
        assert files.told("import", files.folder / "in/0.txt", *plain)["state"] == "done"
        assert len(files.told("rm", "plays", "--all")["versions"]) == 2
    assert files.told("ls")["datasets"] == []


def test_without_a_name_the_first_path_gives_it() -> None:
    assert name_of(Path("/x/My Letters.tar.gz")) == "my-letters"
    assert name_of(Path("/x/Größer_1.txt")) == "gr-er_1"
    assert name_of(Path("/x/日本.txt")) == "dataset"
