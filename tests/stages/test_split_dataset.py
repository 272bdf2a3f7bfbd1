"""The stage `split_dataset`: a canary that stands in two parts is found, and what becomes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.common.hashing import hash_file
from glassworks.lm.data import DatasetReader, DatasetWriter, Document, TokenReader
from glassworks.specs.events import FindingRaised
from tests.lm.data.test_leakage import prose
from tests.stages.bench import BenchContext, run_stage

CANARY = "The canary " + " ".join(prose(77, 60))
BY = {"kind": "groups", "holdout": ["held"]}
TEST = {"kind": "groups", "holdout": ["end"]}


def dataset(folder: Path, extra: list[Document] | None = None) -> Path:
    """Three documents in each of the groups `learned`, `held`, `end`, and `extra` ones."""
    folder.mkdir(parents=True)
    with DatasetWriter(folder) as writer:
        for at, group in enumerate(("learned", "held", "end")):
            for n in range(3):
                text = " ".join(prose(10 * at + n, 60))
                writer.add(Document(f"{group}-{n}", text, "s", group))
        for document in extra or []:
            writer.add(document)
    return folder


def canary(id_: str, group: str, text: str = CANARY) -> Document:
    return Document(id_, text, "s", group)


def split(tmp_path: Path, extra: list[Document], **config: Any) -> BenchContext:
    made = dataset(tmp_path / "in", extra)
    return run_stage("split_dataset", tmp_path / "out", {"by": BY, **config}, dataset=made)


def findings(context: BenchContext) -> list[FindingRaised]:
    return [event for event in context.events if isinstance(event, FindingRaised)]


def ids(folder: Path) -> list[str]:
    return [document.id for document in DatasetReader(folder)]


def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "split.json").read_text("utf-8"))
    return found


def test_a_canary_in_both_parts_leaves_the_held_out_one(tmp_path: Path) -> None:
    extra = [canary("c1", "learned"), canary("c2", "held"), canary("c3", "held", CANARY + " or so")]
    context = split(tmp_path, extra)
    assert "c1" in ids(tmp_path / "out/train")
    assert ids(tmp_path / "out/validation") == ["held-0", "held-1", "held-2"]
    leakage = report(tmp_path / "out/validation")["leakage"]
    assert leakage["found"] == {"validation": {"equal": 1, "near": 1}}
    equal, near = leakage["examples"]
    assert (equal["id"], equal["twin"], equal["similarity"]) == (
        "c2",
        {"id": "c1", "part": "train"},
        1,
    )
    assert equal["text"] == CANARY
    assert near["id"] == "c3"
    assert not near["is_equal"]
    assert context.summaries["validation"]["copies"] == 2
    assert context.summaries["validation"]["documents"] == 3
    (finding,) = findings(context)
    assert (finding.level, finding.evidence["near"]) == ("note", 1)


def test_nothing_leaks_nothing_changes(tmp_path: Path) -> None:
    """Without a copy the documents are those of a plain split, whatever `on_leak` says."""
    found = []
    for on_leak in ("drop", "report", "fail"):
        split(tmp_path / on_leak, [], on_leak=on_leak)
        out = tmp_path / on_leak / "out"
        assert sorted(path.name for path in (out / "train").iterdir()) == [
            "documents-00000.parquet"
        ]
        assert report(out / "validation")["leakage"]["found"] == {
            "validation": {"equal": 0, "near": 0}
        }
        found.append(
            [(out / p / "documents-00000.parquet").read_bytes() for p in ("train", "validation")]
        )
    assert found[0] == found[1] == found[2]


def test_report_only_tells(tmp_path: Path) -> None:
    context = split(tmp_path, [canary("c1", "learned"), canary("c2", "held")], on_leak="report")
    assert [finding.level for finding in findings(context)] == ["warn"]
    assert "c2" in ids(tmp_path / "out/validation")
    found = report(tmp_path / "out/validation")
    assert found["leakage"]["found"]["validation"]["equal"] == 1
    assert found["parts"]["validation"]["documents"] == 4


def test_fail_names_an_example(tmp_path: Path) -> None:
    extra = [canary("c1", "learned"), canary("c2", "held")]
    with pytest.raises(BadData, match="'c2' of validation, which is equal to 'c1'") as caught:
        split(tmp_path, extra, on_leak="fail")
    assert caught.value.code == "leaking-split"


def test_a_held_out_part_of_copies_alone_stays_and_is_told(tmp_path: Path) -> None:
    copies = [canary("c1", "learned"), canary("c2", "copies"), canary("c3", "copies")]
    context = split(tmp_path, copies, by={"kind": "groups", "holdout": ["copies"]})
    assert ids(tmp_path / "out/validation") == ["c2", "c3"]
    (finding,) = findings(context)
    assert finding.level == "warn"
    assert "memory" in finding.message
    assert not report(tmp_path / "out/validation")["parts"]["validation"]["is_dropped"]


def test_a_third_part(tmp_path: Path) -> None:
    context = split(tmp_path, [canary("c1", "held"), canary("c2", "end")], test=TEST)
    out = tmp_path / "out"
    assert ids(out / "train") == ["learned-0", "learned-1", "learned-2"]
    assert ids(out / "validation") == ["held-0", "held-1", "held-2", "c1"]
    assert ids(out / "test") == ["end-0", "end-1", "end-2"]
    assert report(out / "test") == report(out / "validation")
    assert report(out / "test")["leakage"]["found"]["test"] == {"equal": 1, "near": 0}
    assert context.summaries["test"]["copies"] == 1


def test_without_a_test_part_the_output_stays_empty(tmp_path: Path) -> None:
    split(tmp_path, [])
    assert list((tmp_path / "out/test").iterdir()) == []


def test_the_test_part_comes_from_what_is_left(tmp_path: Path) -> None:
    with pytest.raises(InvalidSpec, match="no group 'held'"):
        split(tmp_path / "a", [], test={"kind": "groups", "holdout": ["held"]})
    fraction = {"kind": "fraction", "fraction": 0.34}
    split(tmp_path / "b", [], by=fraction, test=fraction)
    parts = [ids(tmp_path / "b/out" / part) for part in ("train", "validation", "test")]
    assert [len(part) for part in parts] == [3, 3, 3]
    assert len(set().union(*parts)) == 9


def test_the_test_part_becomes_tokens(tmp_path: Path) -> None:
    split(tmp_path, [], test=TEST)
    out = tmp_path / "out"
    trainer = {"kind": "byte_bpe", "vocab_size": 280}
    run_stage("train_tokenizer", tmp_path / "t", {"trainer": trainer}, dataset=out / "train")
    inputs = {part: out / part for part in ("train", "validation", "test")}
    run_stage(
        "tokenize_dataset", tmp_path / "ids", {}, **inputs, tokenizer=tmp_path / "t/tokenizer"
    )
    assert TokenReader(tmp_path / "ids/test").documents()[1] == ["end-0", "end-1", "end-2"]


def test_a_canary_in_the_validation_part_changes_nothing_that_is_learned(tmp_path: Path) -> None:
    """Split, vocabulary, tokens and weights are made of the training part alone."""
    learned = []
    for name, extra in (("without", []), ("with", [canary("c1", "held")])):
        folder = tmp_path / name
        split(folder, extra)
        learned.append(learn(folder))
        assert ("c1" in ids(folder / "out/validation")) == bool(extra)
    assert learned[0] == learned[1]


def learn(folder: Path) -> dict[str, str]:
    """Path -> hash of all that is learned from the split in `folder`; `validation` is connected everywhere."""
    trainer = {"kind": "byte_bpe", "vocab_size": 280}
    parts = {part: folder / "out" / part for part in ("train", "validation")}
    run_stage("train_tokenizer", folder / "t", {"trainer": trainer}, dataset=parts["train"])
    tokenizer = folder / "t/tokenizer"
    run_stage("tokenize_dataset", folder / "ids", {}, **parts, tokenizer=tokenizer)
    architecture = folder / "architecture"
    architecture.mkdir()
    document = {"width": 16, "layers": 1, "context": 16, "attention": {"heads": 2}}
    (architecture / "architecture.json").write_text(json.dumps(document))
    config = {"steps": 2, "batch_size": 2, "device": "cpu", "dtype": "fp32", "threads": 1}
    tokens = {part: folder / "ids" / part for part in ("train", "validation")}
    run_stage(
        "train_model",
        folder / "m",
        config | {"checkpoint_every": 0},
        **tokens,
        tokenizer=tokenizer,
        architecture=architecture,
    )
    made = ("out/train", "t/tokenizer", "ids/train", "m/checkpoint")
    files = [path for part in made for path in sorted((folder / part).iterdir())]
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in files}
