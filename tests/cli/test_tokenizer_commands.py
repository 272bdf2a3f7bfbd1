"""The commands about tokenizers, through the shipped command line, in processes of their own."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import tokenizers as library
from rich.console import Console

from glassworks.cli import tokenizers
from glassworks.cli.display import progress
from glassworks.cli.display.progress import ProgressLine
from glassworks.common.errors import BadData
from glassworks.lm.tokenizer.tokenizer import Tokenizer, load_tokenizer
from glassworks.storage.store import open_store
from tests.cli.terminal import ENTRY, Terminal

TEXTS = ["the king", "", "größer\n<|end|>", "queen"]
LINES = [{"text": TEXTS[0]}, TEXTS[1], {"text": TEXTS[2], "more": 1}, TEXTS[3]]


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return Terminal(tmp_path_factory.mktemp("terminal"))


@pytest.fixture(scope="module")
def trained(terminal: Terminal) -> Path:
    """A tokenizer that the command learned."""
    folder = terminal.home.parent / "trained"
    text = terminal.home.parent / "text.txt"
    done = train(terminal, text, "--vocab-size", "300", "--output", folder, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["folder"], told["vocab_size"]) == (str(folder), 300)
    assert told["num_bytes"] == len(text.read_bytes())
    return folder


@pytest.fixture(scope="module")
def tokenizer(trained: Path) -> Tokenizer:
    return load_tokenizer(trained)


def train(terminal: Terminal, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return terminal.run("tokenizer", "train", *map(str, arguments))


def objects(done: "subprocess.CompletedProcess[str]") -> list[Any]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def pipe(terminal: Terminal, text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", ENTRY, "tokenizer", *arguments],
        env=terminal.environment(),
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_training_writes_a_folder_once_and_nothing_when_it_fails(
    terminal: Terminal, trained: Path, tmp_path: Path
) -> None:
    assert sorted(file.name for file in trained.iterdir()) == ["roles.json", "tokenizer.json"]
    text = trained.parent / "text.txt"
    again = train(terminal, text, "--vocab-size", "300", "--output", trained)
    assert again.returncode == 2 and "exists already" in again.stderr
    large = train(terminal, text, "--vocab-size", "90000", "--output", tmp_path / "large")
    assert large.returncode == 2 and "not the 90,000 asked for" in large.stderr
    missing = train(terminal, tmp_path / "no", "--vocab-size", "300", "--output", tmp_path / "b")
    assert missing.returncode == 2 and len(missing.stderr.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []


def test_training_tells_how_far_it_is(terminal: Terminal, trained: Path, tmp_path: Path) -> None:
    arguments = (trained.parent / "text.txt", "--vocab-size", "300", "--output", tmp_path / "out")
    done = train(terminal, *arguments, "--json")
    assert done.returncode == 0
    assert done.stderr.splitlines() == ["reading text.txt ...", "learning merges ..."]
    assert json.loads(done.stdout)["vocab_size"] == 300


def test_the_bar_of_a_long_answer() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=60, color_system=None)
    told = {"done": 250, "total": 1000, "unit": "merges", "phase": "learning merges"}
    with ProgressLine(console) as line:
        line.show(told)
        line.show({**told, "done": 3_000, "total": 0, "unit": "bytes", "phase": "reading a.txt"})
    shown = cast(io.StringIO, console.file).getvalue()
    assert "━━━" in shown and "learning merges  250 of 1,000 merges" in shown
    assert "reading a.txt  3.00 kB" in shown
    assert shown.endswith("\x1b[2K"), "the bar is gone at the end"


def test_lines_stand_for_the_bar_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    console = Console(file=io.StringIO(), width=60)
    told = {"done": 1, "total": 9, "unit": "merges", "phase": "learning merges"}
    with ProgressLine(console) as line:
        line.show(told)
        line.show({**told, "done": 5})
    lines = cast(io.StringIO, console.file).getvalue().splitlines()
    assert lines == ["learning merges ...", "learning merges  5 of 9 merges"]


def test_training_reads_several_paths(terminal: Terminal, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("zebra zebra zebra " * 40)
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    both = (trained.parent / "text.txt", tmp_path / "in")
    done = train(terminal, *both, "--vocab-size", "300", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "300 tokens" in done.stdout
    assert "left out: b.png" in done.stderr
    found = load_tokenizer(tmp_path / "out")
    assert len(found.encode(" zebra")) == 1 < len(load_tokenizer(trained).encode(" zebra"))


def test_each_line_is_encoded_and_decoded_back(
    terminal: Terminal, trained: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    where = str(trained)
    encoded = terminal.run("tokenizer", "encode", where, "--jsonl", str(file), "--json")
    assert objects(encoded) == [{"ids": tokenizer.encode(text)} for text in TEXTS]
    decoded = pipe(terminal, encoded.stdout, "decode", where, "--jsonl", "-", "--json")
    assert objects(decoded) == [{"text": text, "hex": text.encode().hex()} for text in TEXTS]


def test_one_text_and_special_tokens(
    terminal: Terminal, trained: Path, tokenizer: Tokenizer
) -> None:
    plain = terminal.run("tokenizer", "encode", str(trained), "the king")
    assert plain.stdout.split() == [str(id_) for id_ in tokenizer.encode("the king")]
    special = terminal.run("tokenizer", "encode", str(trained), "<|end|>", "--special", "--json")
    assert objects(special) == [{"ids": [tokenizer.role_id("end")]}]
    text = terminal.run("tokenizer", "decode", str(trained), *plain.stdout.split())
    assert text.stdout == "the king\n"


def test_what_cannot_be_read_is_told_in_two_lines(terminal: Terminal, trained: Path) -> None:
    where = str(trained)
    for done, said in [
        (pipe(terminal, '"a"\nno\n', "encode", where, "--jsonl", "-"), "Line 2 of stdin"),
        (pipe(terminal, "[1]\n", "encode", where, "--jsonl", "-"), "Line 1 of stdin"),
        (pipe(terminal, '{"ids": ["a"]}\n', "decode", where, "--jsonl", "-"), "Line 1 of stdin"),
        (terminal.run("tokenizer", "encode", where), "either TEXT or --jsonl"),
        (terminal.run("tokenizer", "encode", where, "--jsonl", "no.jsonl"), "no file no.jsonl"),
        (terminal.run("tokenizer", "encode", "nobody", "a"), "Nothing here is called 'nobody'"),
        (terminal.run("tokenizer", "decode", where, "300"), "300 is not a token"),
        (terminal.run("tokenizer", "compare", where), "two to four tokenizers"),
    ]:
        assert (done.returncode, done.stdout) == (2, ""), said
        assert said in done.stderr and len(done.stderr.splitlines()) == 2


def test_a_trace_shows_words_and_merges(
    terminal: Terminal, trained: Path, tokenizer: Tokenizer
) -> None:
    [found] = objects(terminal.run("tokenizer", "trace", str(trained), "the king", "--json"))
    assert found["ids"] == tokenizer.encode("the king")
    assert [word["text"] for word in found["words"]] == ["the", " king"]
    ranks = [merge["rank"] for merge in found["merges"]]
    assert ranks == sorted(ranks) and len(ranks) == len("the king") - len(found["ids"])
    plain = terminal.run("tokenizer", "trace", str(trained), "the king").stdout
    first = found["merges"][0]
    assert f"{first['left']} + {first['right']}" in plain
    assert " ".join(map(str, found["ids"])) in plain


def test_tokenizers_are_compared(terminal: Terminal, trained: Path, tokenizer: Tokenizer) -> None:
    both = ("tokenizer", "compare", str(trained), "known:bytes")
    [found] = objects(terminal.run(*both, "--text", "the king", "--json"))
    whole = {row["tokenizer"]: row["num_tokens"] for row in found["rows"] if row["by"] == "all"}
    assert whole == {str(trained): len(tokenizer.encode("the king")), "known:bytes": 8}
    plain = terminal.run(*both).stdout
    assert plain.startswith("Shakespeare: 6 texts") and "1.00 bytes/token" in plain


def test_one_that_drops_every_character_is_compared_too(terminal: Terminal, trained: Path) -> None:
    file = terminal.home.parent / "letters.json"
    inner = library.Tokenizer(library.models.BPE({"a": 0}, []))
    file.write_text(inner.to_str())
    both = ("tokenizer", "compare", str(file), str(trained), "--text", "the king")
    plain = terminal.run(*both)
    assert plain.returncode == 0, plain.stderr
    assert "0 tokens  drops all of it" in plain.stdout
    rows = objects(terminal.run(*both, "--json"))[0]["rows"]
    assert {row["tokens_to_first"]["value"] for row in rows} == {None}


def test_a_model_and_a_tokenizer_are_found_by_name(terminal: Terminal) -> None:
    built = terminal.run("run", str(terminal.recipe), "--json")
    assert built.returncode == 0, built.stderr
    artifact = json.loads(built.stdout)["outputs"]["tokenizer.tokenizer"]
    store = open_store(terminal.home / "store")
    ids = load_tokenizer(store.artifacts.path(artifact)).encode("the king")
    for ref in ("tiny", artifact[:12]):
        done = terminal.run("tokenizer", "encode", ref, "the king", "--json")
        assert objects(done) == [{"ids": ids}]
    dataset = json.loads(built.stdout)["outputs"]["data.dataset"]
    wrong = terminal.run("tokenizer", "encode", dataset[:12], "the king")
    assert wrong.returncode == 2 and "a tokenizer is needed here" in wrong.stderr


def test_lines_are_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('"aa"\n"bb"\n"cc"\n"dddddddd"\n"e"\n')
    monkeypatch.setattr(tokenizers, "MAX_LINES", 2)
    by_lines = list(tokenizers.batches(str(file), tokenizers.read_text))
    assert by_lines == [["aa", "bb"], ["cc", "dddddddd"], ["e"]]
    monkeypatch.setattr(tokenizers, "MAX_SIZE", 4)
    by_size = list(tokenizers.batches(str(file), tokenizers.read_text))
    assert by_size == [["aa", "bb"], ["cc"], ["dddddddd"], ["e"]]
    file.write_text("[" * 100_000)
    with pytest.raises(BadData):
        list(tokenizers.lines(str(file), tokenizers.read_ids))


def test_a_tokenizer_is_imported_under_a_name(
    terminal: Terminal, trained: Path, tmp_path: Path
) -> None:
    file = tmp_path / "foreign.json"
    file.write_bytes((trained / "tokenizer.json").read_bytes())
    name = ("--name", "brought", "--json")
    done = terminal.run("tokenizer", "import", str(file), "--role", "end=<|end|>", *name)
    [told] = objects(done)
    assert told["state"] == "done"
    artifact = open_store(terminal.home / "store").artifacts.path(
        told["outputs"]["tokenizer.tokenizer"]
    )
    assert load_tokenizer(artifact).role_id("end") is not None
    by_name = terminal.run("tokenizer", "encode", "brought", "the king", "--json")
    by_file = terminal.run("tokenizer", "encode", str(trained), "the king", "--json")
    assert objects(by_name) == objects(by_file)


def test_what_cannot_be_imported_is_told_in_two_lines(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    for what, words in {
        str(tmp_path / "bad.json"): "cannot be read",
        str(tmp_path / "none"): "no tokenizer at",
        "known:none": "is not on this machine",
    }.items():
        done = terminal.run("tokenizer", "import", what, "--name", "bad", "--quiet")
        assert done.returncode == 2
        assert words in done.stderr and len(done.stderr.splitlines()) == 2
    wrong = terminal.run("tokenizer", "import", "known:bytes", "--name", "b", "--role", "end")
    assert wrong.returncode == 2 and "--role end=</s>" in wrong.stderr
