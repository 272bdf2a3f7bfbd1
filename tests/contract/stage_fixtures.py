"""A tiny run of each stage, and what came out of it, as a fingerprint.

`fingerprint(name, folder)` runs the stage on small fixed inputs. `python -m tests.contract.stage_fixtures` records all
of them in `stage_hashes.json`, `... stage_fixtures NAME` this one; do that after adding a stage or raising a version.

What is recorded, openly: where a result does not depend on the machine, a hash of it (`exact`): documents as JSON, the
files of tokenizers and tokens, the files of an export but for its weights. Where it is the result of floating-point
work (training, evaluation, exported weights), the few figures (`close`), compared within 0.1 %: bits differ from
machine to machine there.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import torch
from safetensors.torch import load_file

from glassworks.common.hashing import hash_file, hash_json
from glassworks.lm.data import DatasetReader, TokenReader
from glassworks.stages import STAGES
from tests.stages.bench import run_stage

RECORD = Path(__file__).with_name("stage_hashes.json")
Fingerprint = dict[str, Any]
WORDS = ("to", "be", "or", "not", "that", "is", "the", "question", "whether", "tis", "nobler")


def write_text(folder: Path) -> Path:
    """40 short paragraphs in a fixed order of words without a period (a linear congruential generator)."""
    folder.mkdir(parents=True)
    words, state = [], 1
    for _ in range(800):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        words.append(WORDS[(state >> 16) % len(WORDS)])
    paragraphs = [" ".join(words[i : i + 20]).capitalize() + "." for i in range(0, 800, 20)]
    path = folder / "words.txt"
    path.write_text("\n\n".join(paragraphs) + "\n")
    return path


def import_dataset(out: Path) -> Fingerprint:
    path = write_text(out / "in")
    source = {"kind": "text_file", "path": str(path), "cut": "paragraphs"}
    run_stage("import_dataset", out, {"source": source})
    return {"exact": documents_hash(out / "dataset")}


def clean_dataset(out: Path) -> Fingerprint:
    import_dataset(out / "from")
    steps = [{"kind": "length", "min_characters": 100}, {"kind": "near_duplicates"}]
    run_stage("clean_dataset", out, {"steps": steps}, dataset=out / "from/dataset")
    report = (out / "dataset/cleaning.json").read_text("utf-8")
    return {"exact": [documents_hash(out / "dataset"), hash_json(json.loads(report))]}


def describe_dataset(out: Path) -> Fingerprint:
    """The figures and what the index says; its bytes depend on the machine's SQLite."""
    train_tokenizer(out / "from")
    dataset, tokenizer = out / "from/from/from/dataset", out / "from/tokenizer"
    run_stage("describe_dataset", out, dataset=dataset, tokenizer=tokenizer)
    statistics = json.loads((out / "description/statistics.json").read_text("utf-8"))
    db = sqlite3.connect(out / "description/search.sqlite")
    rows = db.execute("SELECT * FROM documents ORDER BY ordinal").fetchall()
    query = "SELECT rowid FROM documents_fts WHERE documents_fts MATCH ? ORDER BY rowid"
    found = db.execute(query, ('"not to be" OR tis',)).fetchall()
    db.close()
    return {"exact": [hash_json(statistics), hash_json(rows), hash_json(found)]}


def index_text(out: Path) -> Fingerprint:
    """Text and suffixes as they are, names as they are read: the bytes of a parquet file depend on its library."""
    import_dataset(out / "from")
    run_stage("index_text", out, {"piece_bytes": 1000}, dataset=out / "from/dataset")
    names = pq.read_table(out / "index/documents.parquet").to_pylist()
    (out / "index/documents.parquet").unlink()
    return {"exact": [files_hash(out / "index"), hash_json(names)]}


def split_dataset(out: Path) -> Fingerprint:
    import_dataset(out / "from")
    by = {"kind": "fraction", "fraction": 0.2}
    run_stage("split_dataset", out, {"by": by}, dataset=out / "from/dataset")
    report = hash_json(json.loads((out / "validation/split.json").read_text("utf-8")))
    return {"exact": [*(documents_hash(out / part) for part in ("train", "validation")), report]}


def train_tokenizer(out: Path) -> Fingerprint:
    split_dataset(out / "from")
    trainer = {"kind": "byte_bpe", "vocab_size": 280}
    run_stage("train_tokenizer", out, {"trainer": trainer}, dataset=out / "from/train")
    return {"exact": files_hash(out / "tokenizer")}


def import_tokenizer(out: Path) -> Fingerprint:
    train_tokenizer(out / "from")
    file = out / "from/tokenizer/tokenizer.json"
    run_stage("import_tokenizer", out, {"path": str(file), "roles": {"end": "<|end|>"}})
    return {"exact": files_hash(out / "tokenizer")}


def extend_tokenizer(out: Path) -> Fingerprint:
    train_tokenizer(out / "from")
    run_stage("extend_tokenizer", out, tokenizer=out / "from/tokenizer")
    return {"exact": files_hash(out / "tokenizer")}


def tokenize_dataset(out: Path) -> Fingerprint:
    train_tokenizer(out / "from")
    run_stage(
        "tokenize_dataset",
        out,
        train=out / "from/from/train",
        validation=out / "from/from/validation",
        tokenizer=out / "from/tokenizer",
    )
    return {"exact": [files_hash(out / part) for part in ("train", "validation")]}


def mix_tokens(out: Path) -> Fingerprint:
    tokenize_dataset(out / "from")
    config = {"temperature": 2, "second": {"name": "little", "max_epochs": 2}}
    inputs = {"first": out / "from/train", "second": out / "from/validation"}
    run_stage("mix_tokens", out, config, **inputs)
    batch = TokenReader(out / "tokens").batch(seed=3, step=5, batch_size=8, context=16)
    return {"exact": [files_hash(out / "tokens"), hash_json(batch.inputs_BT.tolist())]}


def train_model(out: Path) -> Fingerprint:
    tokenize_dataset(out / "from")
    (out / "architecture").mkdir()
    document = {"width": 16, "layers": 1, "context": 16, "attention": {"heads": 2}}
    (out / "architecture/architecture.json").write_text(json.dumps(document))
    config = {"steps": 5, "batch_size": 4, "device": "cpu", "dtype": "fp32", "threads": 1}
    context = run_stage(
        "train_model",
        out,
        config | {"checkpoint_every": 0, "sample_every": 0},
        train=out / "from/train",
        validation=out / "from/validation",
        tokenizer=out / "from/from/tokenizer",
        architecture=out / "architecture",
    )
    weights = load_file(out / "checkpoint/model.safetensors")
    shapes = {name: list(tensor.shape) for name, tensor in weights.items()}
    sizes = {name: float(tensor.norm()) for name, tensor in weights.items()}
    losses = [row["loss"] for row in context.rows]
    return {"exact": hash_json(shapes), "close": {"losses": losses, "sizes": sizes}}


def evaluate_model(out: Path) -> Fingerprint:
    train_model(out / "from")
    run_stage(
        "evaluate_model",
        out,
        {"prompts": ["To be"], "sample": {"max_tokens": 4}, "device": "cpu", "threads": 1},
        checkpoint=out / "from/checkpoint",
        validation=out / "from/from/validation",
        train=out / "from/from/train",
        tokenizer=out / "from/from/from/tokenizer",
    )
    found = json.loads((out / "evaluation/evaluation.json").read_text("utf-8"))
    return {
        "exact": hash_json([sorted(found), [y["label"] for y in found["yardsticks"]]]),
        "close": {"loss": found["loss"], "yardsticks": [y["loss"] for y in found["yardsticks"]]},
    }


def export_model(out: Path) -> Fingerprint:
    train_model(out / "from")
    run_stage(
        "export_model",
        out,
        checkpoint=out / "from/checkpoint",
        tokenizer=out / "from/from/from/tokenizer",
    )
    weights = load_file(out / "export/model.safetensors")
    others = {
        path.name: hash_file(path)
        for path in sorted((out / "export").iterdir())
        if path.suffix != ".safetensors"
    }
    sizes = {name: float(tensor.float().norm()) for name, tensor in weights.items()}
    return {"exact": hash_json(others), "close": {"sizes": sizes}}


FIXTURES: dict[str, Callable[[Path], Fingerprint]] = {
    name: globals()[name] for name in STAGES.names() if name in globals()
}
"""A stage's fixture is the function above that has its name."""


def documents_hash(folder: Path) -> str:
    rows = [[d.id, d.text, d.source, d.group, d.meta] for d in DatasetReader(folder)]
    return hash_json(rows)


def files_hash(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hash_json([(path.relative_to(folder).as_posix(), hash_file(path)) for path in files])


def fingerprint(name: str, folder: Path) -> Fingerprint:
    """Run the stage `name` in an empty folder: its version, and what is recorded of its output."""
    torch.set_num_threads(1)
    return {"version": STAGES.load(name).version, **FIXTURES[name](folder)}


def record(names: list[str]) -> None:
    found = json.loads(RECORD.read_text("utf-8"))
    for name in names or STAGES.names():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = fingerprint(name, Path(folder) / "out")
    RECORD.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    record(sys.argv[1:])
