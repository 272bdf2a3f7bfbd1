"""The recipe `own-text` on texts of several sizes and shapes, through the shipped command line, short."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import ENTRY, Terminal

WORDS = [
    "the",
    "a",
    "sea",
    "ship",
    "wind",
    "night",
    "light",
    "of",
    "in",
    "and",
    "to",
    "under",
    "over",
    "went",
    "came",
    "saw",
    "old",
    "white",
]


def text_of(num_bytes: int, separator: str = "\n\n") -> str:
    """Made-up prose of about this size: the same each time."""
    chance = random.Random(5)
    paragraphs, length = [], 0
    while length < num_bytes:
        words = [chance.choice(WORDS) + chance.choice(["", "", "s", "er"]) for _ in range(60)]
        paragraphs.append(" ".join(words).capitalize() + ".")
        length += len(paragraphs[-1]) + len(separator)
    return separator.join(paragraphs)[:num_bytes]


def run(terminal: Terminal, file: Path, *settings: str) -> dict[str, str]:
    """Run the recipe on a file; output -> artifact."""
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "run", "own-text", "--json",
         "--set", f"data.source.path={file}", *(f"--set={one}" for one in settings)],
        env=terminal.environment(), capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outputs: dict[str, str] = json.loads(done.stdout)["outputs"]
    return outputs


@pytest.mark.parametrize(
    ("num_bytes", "separator"),
    [
        (20_000, "\n\n"),
        (200_000, " "),
        pytest.param(5_000_000, "\n", marks=pytest.mark.soak),
    ],
)
def test_a_text_of_any_size_and_shape_makes_a_model(
    tmp_path: Path, num_bytes: int, separator: str
) -> None:
    terminal, file = Terminal(tmp_path), tmp_path / "mein text.txt"
    file.write_text(text_of(num_bytes, separator), encoding="utf-8")
    outputs = run(terminal, file, "train.steps=2", "evaluate.sample.max_tokens=5")
    shown = json.loads(terminal.run("show", outputs["train.checkpoint"], "--json").stdout)
    assert shown["summary"]["step"] == 2
    tokenizer = json.loads(terminal.run("show", outputs["tokenizer.tokenizer"], "--json").stdout)
    assert 257 < tokenizer["summary"]["vocab_size"] <= 257 + num_bytes // 100
    written = terminal.run("generate", "own-text", "--max-tokens", "5", "--presence-penalty", "1")
    assert written.returncode == 0, written.stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Too short.", "text-too-small"),
        ("", "empty-file"),
        ("x" * 20_000 + "\0", "binary-file"),
    ],
)
def test_what_cannot_be_learned_from_is_told(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "mine.txt"
    file.write_text(text)
    told = Terminal(tmp_path).run("run", "own-text", "--set", f"text={file}", "--json")
    assert told.returncode == 2
    error = json.loads(told.stdout)
    assert error["code"] == code
    assert error["hint"]


def test_without_a_text_it_says_how_to_name_one(tmp_path: Path) -> None:
    told = json.loads(Terminal(tmp_path).run("run", "own-text", "--json").stdout)
    assert told["code"] == "path-missing"
    assert "--set data.source.path=" in told["hint"]
