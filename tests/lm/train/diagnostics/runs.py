"""Real tiny training runs for the diagnostics: the stage itself, on text that the package makes up.

In: a kind of text, an architecture, settings. Out: the stage's context with rows and events, and the error that ended it. The
text of a kind is imported, split and tokenized once.
"""

import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from glassworks.common.errors import Diverged
from glassworks.specs.events import EvaluationRecorded, FindingRaised, LayersMeasured
from glassworks.stages.train_model import TrainModel
from tests.stages.bench import BenchContext, make_context, run_stage

TEXTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "stories": (
        {"kind": "stories", "num_documents": 300},
        {"kind": "byte_bpe", "vocab_size": 400},
    ),
    "forty sums": (
        {"kind": "arithmetic", "num_digits": 3, "num_documents": 40},
        {"kind": "digits"},
    ),
    "sums": ({"kind": "arithmetic", "num_digits": 2, "num_documents": 3000}, {"kind": "digits"}),
    "many sums": (
        {"kind": "arithmetic", "num_digits": 3, "num_documents": 9000},
        {"kind": "digits"},
    ),
    "three sums": (
        {"kind": "arithmetic", "num_digits": 2, "num_documents": 4},
        {"kind": "digits"},
    ),
    "chats": ({"kind": "chats", "num_documents": 250}, {"kind": "byte_bpe", "vocab_size": 320}),
}
"""Source and tokenizer."""
SMALL = {"context": 24, "width": 16, "layers": 2, "attention": {"kind": "grouped", "heads": 2}}
SETTINGS: dict[str, Any] = {
    "batch_size": 8,
    "device": "cpu",
    "dtype": "fp32",
    "threads": 1,
    "checkpoint_every": 0,
    "sample_every": 0,
    "evaluate_every": 0,
    "evaluate_tokens": 1024,
    "layers_every": 0,
}


@cache
def inputs(text: str) -> dict[str, Path]:
    """The token sets and the tokenizer of a kind of text."""
    root = Path(mkdtemp(prefix="diagnosed-"))
    source, trainer = TEXTS[text]
    run_stage("import_dataset", root / "d", {"source": source})
    by = {"kind": "fraction", "fraction": 0.15}
    run_stage("split_dataset", root / "s", {"by": by}, dataset=root / "d" / "dataset")
    parts = {name: root / "s" / name for name in ("train", "validation")}
    run_stage("train_tokenizer", root / "t", {"trainer": trainer}, dataset=parts["train"])
    tokenizer = root / "t" / "tokenizer"
    run_stage("tokenize_dataset", root / "k", {}, tokenizer=tokenizer, **parts)
    return {
        "tokenizer": tokenizer,
        "train": root / "k" / "train",
        "validation": root / "k" / "validation",
    }


def prepare(
    out: Path, text: str, architecture: dict[str, Any], settings: dict[str, Any]
) -> BenchContext:
    """A context in which `TrainModel().run` trains."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "architecture.json").write_text(json.dumps(architecture), "utf-8")
    return make_context(
        "train_model", out, {**SETTINGS, **settings}, {**inputs(text), "architecture": out}
    )


def train(
    out: Path, text: str, architecture: dict[str, Any], settings: dict[str, Any]
) -> tuple[BenchContext, Diverged | None]:
    """Train to the end, or to where a number broke."""
    context = prepare(out, text, architecture, settings)
    try:
        TrainModel().run(context)
    except Diverged as error:
        return context, error
    return context, None


def findings(context: BenchContext) -> list[FindingRaised]:
    """What the diagnostics said; notes are the stage's own."""
    found = [event for event in context.events if isinstance(event, FindingRaised)]
    return [event for event in found if event.level != "note"]


def losses(context: BenchContext) -> list[float]:
    return [float(row["loss"]) for row in context.rows]


def evaluations(context: BenchContext) -> list[EvaluationRecorded]:
    return [event for event in context.events if isinstance(event, EvaluationRecorded)]


def measurements(context: BenchContext) -> list[LayersMeasured]:
    return [event for event in context.events if isinstance(event, LayersMeasured)]
