"""What many tests need: a home of their own with a measured machine, and a recipe that trains within a second."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

from glassworks.engine.executors.local import LocalExecutor
from glassworks.specs.machine import MachineSpec
from glassworks.storage.atomic import write_json

# what is compiled for this processor is compiled once, not in the home of every test
os.environ.setdefault("GLASSWORKS_CACHE", str(Path(__file__).parents[1] / "build" / "cache"))
settings.register_profile("glassworks", deadline=None, max_examples=60)
settings.load_profile("glassworks")

MACHINE = MachineSpec(
    measured_at="2026-01-01T00:00:00.000000Z",
    hostname="test",
    platform="test",
    python="3",
    torch="2",
    processor="test",
    num_cores=1,
    memory_bytes=8 << 30,
    matmul_gflops={"cpu/fp32": 100.0},
    copy_bytes_per_s=1e10,
    disk_bytes_per_s=1e9,
)
"""A machine as `glassworks doctor` would describe it, so that no test measures one."""

WORDS = [
    "the",
    "crown",
    "of",
    "a",
    "king",
    "is",
    "heavy",
    "and",
    "cold",
    "as",
    "night",
    "when",
    "no",
    "star",
    "shines",
    "on",
    "our",
    "sea",
]

TinyRecipe = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A GLASSWORKS_HOME of the test's own, with `machine.json`; whatever still runs in it afterwards is ended."""
    folder = make_home(tmp_path / "home")
    monkeypatch.setenv("GLASSWORKS_HOME", str(folder))
    monkeypatch.delenv("GLASSWORKS_STORE", raising=False)
    yield folder
    end_attempts(folder)


def make_home(folder: Path) -> Path:
    folder.mkdir(parents=True, mode=0o700)
    write_json(folder / "machine.json", MACHINE.to_json())
    return folder


def end_attempts(home: Path) -> None:
    for attempt in home.glob("store/runs/*/attempts/*"):
        if not (attempt / "exit.json").exists():
            LocalExecutor().reap(attempt)


@pytest.fixture
def tiny_recipe(tmp_path: Path) -> TinyRecipe:
    """`tiny_recipe(name="tiny", **train)` writes a small text and a recipe of five quick stages; returns its path."""

    def make(name: str = "tiny", **train: Any) -> Path:
        return write_tiny_recipe(tmp_path, name, **train)

    return make


def write_tiny_recipe(folder: Path, name: str = "tiny", **train: Any) -> Path:
    """See `tiny_recipe`; `train` overrides fields of the training node's config."""
    text = folder / "words.txt"
    if not text.exists():
        text.write_text(tiny_text(), encoding="utf-8")
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(tiny_document(name, text, train), sort_keys=False), "utf-8")
    return path


def tiny_text() -> str:
    """Sixty paragraphs of made-up verse, the same each time, no two alike: a split would take copies for leakage."""
    lines = [
        " ".join(
            WORDS[(i * i + 3 * j * (i + 1) + i // 6 * (j % 5)) % len(WORDS)] for j in range(12)
        )
        for i in range(60)
    ]
    return "\n\n".join(lines) + "\n"


def tiny_document(name: str, text: Path, train: dict[str, Any]) -> dict[str, Any]:
    learning = {
        "steps": 8,
        "checkpoint_every": 4,
        "batch_size": 4,
        "evaluate_every": 4,
        "evaluate_tokens": 64,
        "sample_every": 4,
        "sample_tokens": 4,
        "tracked_prompts": ["the"],
        "device": "cpu",
        "dtype": "fp32",
        "threads": 1,
        "seed": 3,
        **train,
    }
    source = {"kind": "text_file", "path": str(text), "cut": "paragraphs"}
    return {
        "name": name,
        "title": "A recipe for tests",
        "output": "train.checkpoint",
        "settings": {"steps": {"field": "train.steps", "description": "Updates of the weights."}},
        "nodes": {
            "data": {"stage": "import_dataset", "config": {"source": source}},
            "split": {
                "stage": "split_dataset",
                "config": {"by": {"kind": "fraction", "fraction": 0.1, "seed": 1}},
                "inputs": {"dataset": "data.dataset"},
            },
            "tokenizer": {
                "stage": "train_tokenizer",
                "config": {"trainer": {"kind": "byte_bpe", "vocab_size": 280}},
                "inputs": {"dataset": "split.train"},
            },
            "tokens": {
                "stage": "tokenize_dataset",
                "inputs": {
                    "train": "split.train",
                    "validation": "split.validation",
                    "tokenizer": "tokenizer.tokenizer",
                },
            },
            "train": {
                "stage": "train_model",
                "config": learning,
                "inputs": {
                    "train": "tokens.train",
                    "validation": "tokens.validation",
                    "tokenizer": "tokenizer.tokenizer",
                    "architecture": {
                        "inline": {
                            "width": 16,
                            "layers": 1,
                            "context": 16,
                            "attention": {"kind": "grouped", "heads": 2},
                        }
                    },
                },
            },
        },
    }
