"""The stage makes every kind of tokenizer, tells how far it is, and stops while it learns."""

from pathlib import Path

import pytest

from glassworks.lm.data import DatasetReader
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.specs.events import TokenizerGrown
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.contract.stage_fixtures import write_text
from tests.stages.bench import BenchContext, make_context, run_stage

TRAINERS = (
    {"kind": "byte"},
    {"kind": "byte_bpe", "vocab_size": 270, "implementation": "fast"},
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


def grown(context: BenchContext) -> list[TokenizerGrown]:
    return [event for event in context.events if isinstance(event, TokenizerGrown)]


def test_the_vocabulary_grows_before_ones_eyes(dataset: Path, tmp_path: Path) -> None:
    told = {}
    for trainer in TRAINERS[1:3]:
        out = tmp_path / str(trainer["implementation"])
        told[out.name] = grown(
            run_stage("train_tokenizer", out, {"trainer": trainer}, dataset=dataset)
        )
    live, replayed = told["readable"], told["fast"]
    assert [event.is_replayed for event in (live[0], replayed[0])] == [False, True]
    ignored = {"time", "is_replayed"}
    assert [e.model_dump(exclude=ignored) for e in live] == [
        e.model_dump(exclude=ignored) for e in replayed
    ], "both programs learn the same, and the text is short enough to be counted as a whole"

    tokenizer = load_tokenizer(tmp_path / "readable/tokenizer")
    texts = [document.text for document in DatasetReader(dataset)]
    num_bytes = sum(len(text.encode()) for text in texts)
    num_tokens = sum(map(len, tokenizer.encode_many(texts)))
    assert live[-1].counted_bytes == num_bytes
    assert live[-1].bytes_per_token == pytest.approx(num_bytes / num_tokens, abs=1e-4)
    assert (live[0].num_tokens, live[-1].num_tokens) == (258, 270)
    assert {event.vocab_size for event in live} == {270}
    learned = [merge for event in live for merge in event.merges]
    assert [merge.rank for merge in learned] == list(range(13))
    for merge in learned:
        assert merge.left + merge.right == merge.token
        assert tokenizer.spelling(257 + merge.rank).replace("Ġ", " ") == merge.token


def test_growth_is_told_at_most_forty_times(dataset: Path, tmp_path: Path) -> None:
    trainer = {"kind": "byte_bpe", "vocab_size": 5000, "fit": "text", "min_frequency": 1}
    told = grown(
        run_stage("train_tokenizer", tmp_path / "out", {"trainer": trainer}, dataset=dataset)
    )
    assert 5 < len(told) <= 40
    assert all(len(event.merges) <= 6 for event in told)
    sizes = [event.num_tokens for event in told]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == load_tokenizer(tmp_path / "out/tokenizer").vocab_size
    per_token = [event.bytes_per_token for event in told]
    assert per_token == sorted(per_token)
    assert (
        grown(
            run_stage("train_tokenizer", tmp_path / "b", {"trainer": TRAINERS[0]}, dataset=dataset)
        )
        == []
    )


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
