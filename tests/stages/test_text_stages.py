"""From text to tokens through the stages: figures, stopping, and bad input."""

from pathlib import Path

import numpy as np
import pytest

from glassworks.common.errors import BadData, GlassworksError, InvalidSpec
from glassworks.lm.data import DatasetReader, Document, TokenReader
from glassworks.lm.data.encoding import answer_mask
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.contract.stage_fixtures import write_text
from tests.stages.bench import make_context, run_stage


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `data`, `split`, `tokenizer`, `tokens`, each with the outputs of its stage."""
    out = tmp_path_factory.mktemp("made")
    source = {"kind": "text_file", "path": str(write_text(out / "in")), "cut": "paragraphs"}
    run_stage("import_dataset", out / "data", {"source": source})
    run_stage("split_dataset", out / "split", dataset=out / "data/dataset")
    trainer = {"kind": "byte_bpe", "vocab_size": 280}
    run_stage(
        "train_tokenizer", out / "tokenizer", {"trainer": trainer}, dataset=out / "split/train"
    )
    run_stage("tokenize_dataset", out / "tokens", {}, **tokenize_inputs(out))
    return out


def tokenize_inputs(made: Path) -> dict[str, Path]:
    return {
        "train": made / "split/train",
        "validation": made / "split/validation",
        "tokenizer": made / "tokenizer/tokenizer",
    }


def test_nothing_is_lost_on_the_way(made: Path) -> None:
    tokenizer = load_tokenizer(made / "tokenizer/tokenizer")
    for part in ("train", "validation"):
        documents = list(DatasetReader(made / "split" / part))
        reader = TokenReader(made / "tokens" / part)
        starts, names = reader.documents()
        assert names == [document.id for document in documents]
        assert reader.num_bytes == sum(document.num_bytes for document in documents)
        stops = [*starts[1:], reader.num_tokens]
        for document, start, stop in zip(documents, starts, stops, strict=True):
            ids = reader.tokens_at(np.arange(start, stop))
            assert ids[-1] == tokenizer.role_id("end")
            assert tokenizer.decode(ids[:-1].tolist()) == document.text


def test_groups_are_never_torn_apart(tmp_path: Path) -> None:
    source = {"kind": "arithmetic", "num_digits": 1, "num_documents": 100}
    run_stage("import_dataset", tmp_path / "a", {"source": source})
    by = {"kind": "fraction", "fraction": 0.3}
    context = run_stage("split_dataset", tmp_path / "b", {"by": by}, dataset=tmp_path / "a/dataset")
    train, validation = (
        DatasetReader(tmp_path / "b" / part).groups() for part in ("train", "validation")
    )
    assert not train & validation
    assert len(train | validation) == 55
    assert len(validation) == 16
    assert sum(summary["documents"] for summary in context.summaries.values()) == 100


def test_only_answers_are_trained_on(tmp_path: Path) -> None:
    source = {"kind": "arithmetic", "num_documents": 20}
    run_stage("import_dataset", tmp_path / "a", {"source": source})
    dataset = tmp_path / "a/dataset"
    run_stage("train_tokenizer", tmp_path / "b", {"trainer": {"kind": "digits"}}, dataset=dataset)
    context = run_stage(
        "tokenize_dataset", tmp_path / "c", train=dataset, tokenizer=tmp_path / "b/tokenizer"
    )
    reader = TokenReader(tmp_path / "c/train")
    assert reader.mask().reshape(20, 13).tolist() == [[False] * 8 + [True] * 5] * 20
    assert context.summaries["train"]["trained_tokens"] == 100
    assert TokenReader(tmp_path / "c/validation").num_tokens == 0


def test_a_token_across_the_answers_start_is_trained_on(made: Path) -> None:
    tokenizer = load_tokenizer(made / "tokenizer/tokenizer")
    text = "é to be or not"
    ids = tokenizer.encode(text)
    start = 2  # inside the token " to": "é", " ", and the answer begins at "t"
    document = Document("d", text, "s", "g", {"answer_start": start})
    mask = answer_mask(tokenizer, document, ids)
    assert mask is not None
    before = tokenizer.decode_bytes(i for i, is_in in zip(ids, mask, strict=True) if not is_in)
    answer = tokenizer.decode_bytes(i for i, is_in in zip(ids, mask, strict=True) if is_in)
    assert before + answer == text.encode()
    assert before == "é".encode()
    assert answer.startswith(b" to")
    assert answer_mask(tokenizer, Document("d", text, "s", "g"), ids) is None


def test_each_stage_says_how_far_it_is(made: Path, tmp_path: Path) -> None:
    context = run_stage("tokenize_dataset", tmp_path / "out", {}, **tokenize_inputs(made))
    assert {entry[3] for entry in context.progressed} == {
        "tokenizing train",
        "tokenizing validation",
    }
    assert all(done <= total for done, total, _, _ in context.progressed)
    summary = context.summaries["validation"]
    assert (summary["documents"], summary["vocab_size"]) == (4, 280)
    assert summary["bytes_per_token"] > 1


@pytest.mark.parametrize(
    "stage", ["import_dataset", "split_dataset", "train_tokenizer", "tokenize_dataset"]
)
def test_each_stage_stops_when_asked(stage: str, made: Path, tmp_path: Path) -> None:
    inputs: dict[str, dict[str, Path]] = {
        "import_dataset": {},
        "split_dataset": {"dataset": made / "data/dataset"},
        "train_tokenizer": {"dataset": made / "split/train"},
        "tokenize_dataset": tokenize_inputs(made),
    }
    source = {"kind": "arithmetic", "num_documents": 10}
    trainer = {"kind": "byte_bpe", "vocab_size": 260}
    config = {"import_dataset": {"source": source}, "train_tokenizer": {"trainer": trainer}}
    context = make_context(stage, tmp_path / "out", config.get(stage, {}), inputs[stage])
    context.stop_after = 0
    with pytest.raises(Stopped):
        STAGES.load(stage)().run(context)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty-file"), (b"caf\xe9", "wrong-encoding"), (b"\x7fELF\0\0", "binary-file")],
)
def test_bad_files_leave_nothing_behind(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(BadData) as caught:
        run_stage("import_dataset", tmp_path / "out", {"source": source_of(path)})
    assert caught.value.code == code
    assert str(path) in caught.value.where
    assert not list((tmp_path / "out/dataset").iterdir())


def test_a_missing_file_is_told_when_planning(tmp_path: Path) -> None:
    with pytest.raises(GlassworksError, match="There is no file") as caught:
        run_stage("import_dataset", tmp_path / "out", {"source": source_of(tmp_path / "none.txt")})
    assert caught.value.code == "file-not-found"


def source_of(path: Path) -> dict[str, str]:
    return {"kind": "text_file", "path": str(path)}


def test_an_unknown_group_lists_what_exists(made: Path, tmp_path: Path) -> None:
    by = {"kind": "groups", "holdout": ["macbeth"]}
    with pytest.raises(InvalidSpec, match="no group 'macbeth'") as caught:
        run_stage("split_dataset", tmp_path / "out", {"by": by}, dataset=made / "data/dataset")
    assert "words.txt:1," in caught.value.hint
    assert not list((tmp_path / "out/train").iterdir())


def test_a_vocabulary_larger_than_the_text_gives(made: Path, tmp_path: Path) -> None:
    config = {"trainer": {"kind": "byte_bpe", "vocab_size": 50_000}}
    with pytest.raises(InvalidSpec, match="yields") as caught:
        run_stage("train_tokenizer", tmp_path / "out", config, dataset=made / "split/train")
    assert caught.value.code == "vocab-too-large"
    assert not list((tmp_path / "out/tokenizer").iterdir())


def test_an_unknown_separator(made: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidSpec, match="no special token with the role 'begin'"):
        run_stage(
            "tokenize_dataset", tmp_path / "out", {"separator": "begin"}, **tokenize_inputs(made)
        )
