"""The stage makes every kind of tokenizer, tells how far it is, and stops while it learns."""

from pathlib import Path

import pytest

from glassworks.lm.tokenizer import load_tokenizer
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.contract.stage_fixtures import write_text
from tests.stages.bench import make_context, run_stage

TRAINERS = (
    {"kind": "byte"},
    {"kind": "byte_bpe", "vocab_size": 270},
    {"kind": "byte_bpe", "vocab_size": 270, "implementation": "readable"},
    {"kind": "character", "vocab_size": 30},
    {"kind": "unigram", "vocab_size": 262},
    {"kind": "wordpiece", "vocab_size": 60},
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    source = {"kind": "text_file", "path": str(write_text(out / "in")), "cut": "paragraphs"}
    run_stage("import_dataset", out / "data", {"source": source})
    return out / "data/dataset"


@pytest.mark.parametrize("trainer", TRAINERS)
def test_each_kind(trainer: dict[str, object], dataset: Path, tmp_path: Path) -> None:
    context = run_stage("train_tokenizer", tmp_path / "out", {"trainer": trainer}, dataset=dataset)
    tokenizer = load_tokenizer(tmp_path / "out/tokenizer")
    assert context.summaries["tokenizer"]["vocab_size"] == tokenizer.vocab_size
    assert tokenizer.decode(tokenizer.encode("To be or not")) == "To be or not"


def test_both_programs_make_the_same_files(dataset: Path, tmp_path: Path) -> None:
    for number, trainer in enumerate(TRAINERS[1:3]):
        out = tmp_path / str(number)
        run_stage("train_tokenizer", out, {"trainer": trainer}, dataset=dataset)
    for name in ("tokenizer.json", "roles.json"):
        one, other = (tmp_path / number / "tokenizer" / name for number in "01")
        assert one.read_bytes() == other.read_bytes()


def test_each_merge_is_progress_and_a_place_to_stop(dataset: Path, tmp_path: Path) -> None:
    config = {"trainer": TRAINERS[2]}
    context = run_stage("train_tokenizer", tmp_path / "out", config, dataset=dataset)
    learning = [entry for entry in context.progressed if entry[2] == "merges"]
    assert learning == [(done, 13, "merges", "learning merges") for done in range(1, 14)]

    stopped = make_context("train_tokenizer", tmp_path / "stopped", config, {"dataset": dataset})
    stopped.stop_after = 40 + 5  # after the documents, in the middle of learning
    with pytest.raises(Stopped):
        STAGES.load("train_tokenizer")().run(stopped)
    assert [entry[0] for entry in stopped.progressed if entry[2] == "merges"] == [1, 2, 3, 4, 5]
