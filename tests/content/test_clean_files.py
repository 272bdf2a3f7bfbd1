"""The recipe `clean-files` through the shipped command line: a folder of mixed files becomes a clean dataset."""

import json
import subprocess
import sys
from pathlib import Path

from glassworks.lm.data import DatasetReader
from tests.cli.terminal import ENTRY, Terminal
from tests.lm.text import made


def prose(number: int) -> str:
    """Some 80 words, different for each number."""
    return " ".join(f"word{(number * 977 + k * k) % 5000}" for k in range(80))


def test_a_folder_of_mixed_files(tmp_path: Path) -> None:
    folder = made.write(
        tmp_path / "mixed",
        {
            "a.pdf": made.pdf([prose(1)]),
            "b.docx": made.word([prose(2), "Call +49 30 901820."]),
            "c.txt": prose(3).encode(),
            "copy.txt": prose(3).encode(),
            "scan.pdf": made.pdf([""]),
            "tickets.jsonl": made.jsonl([{"body": prose(10 + n)} for n in range(5)]),
            "x.zip": made.zipped({"in.md": b"# short", "deep/long.html": b"<p>%s</p>" % prose(4).encode()}),
        },
    )  # fmt: skip
    terminal = Terminal(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "run", "clean-files", "--json", f"--set=path={folder}"],
        env=terminal.environment(), capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout)["outputs"]
    shown = json.loads(terminal.run("show", outputs["clean.dataset"], "--json").stdout)
    dataset = Path(shown["folder"])
    ids = [document.id for document in DatasetReader(dataset)]
    assert ids == [
        "a.pdf",
        "b.docx",
        "c.txt",
        *(f"tickets.jsonl:{n}" for n in range(1, 6)),
        "x.zip/deep/long.html",
    ]
    texts = {document.id: document.text for document in DatasetReader(dataset)}
    assert texts["b.docx"].endswith("Call PHONE.")
    report = json.loads((dataset / "cleaning.json").read_text("utf-8"))
    removed = {step["kind"]: step["removed"] for step in report["steps"]}
    assert removed["length"] == removed["exact_duplicates"] == 1
    told = json.loads(terminal.run("show", outputs["describe.description"], "--json").stdout)
    num_bytes = sum(len(text.encode()) for text in texts.values())
    assert told["summary"] == {"documents": len(ids), "bytes": num_bytes}
    statistics = json.loads((Path(told["folder"]) / "statistics.json").read_text("utf-8"))
    assert statistics["num_sources"] == 5
    raw = json.loads(terminal.run("show", outputs["data.dataset"], "--json").stdout)
    assert raw["summary"]["left_out"] == 1
    run = json.loads(terminal.run("show", json.loads(done.stdout)["run"], "--json").stdout)
    imported = next(node["run"] for node in run["nodes"] if node["node"] == "data")
    (finding,) = json.loads(terminal.run("show", imported, "--json").stdout)["findings"]
    assert finding["code"] == "left-out"
    assert finding["message"].startswith("1 file was left out. ")
