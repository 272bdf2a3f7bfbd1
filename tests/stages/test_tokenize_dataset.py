"""Tokenizing in parts: the same bytes from one process or two, and from a run that was stopped and goes on."""

import logging
from pathlib import Path

import pytest

from glassworks.lm.data import DatasetReader, documents
from glassworks.lm.data.packed import load_packed
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES, tokenize_dataset
from tests.contract.stage_fixtures import files_hash, write_text
from tests.lm.data.test_processes import children_at_work
from tests.stages.bench import BenchContext, make_context, run_stage

NUM_GROUPS = 14


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A dataset in many small row groups, and a tokenizer."""
    out = tmp_path_factory.mktemp("inputs")
    source = {"kind": "text_file", "path": str(write_text(out / "in")), "cut": "paragraphs"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "ROW_GROUP_DOCUMENTS", 3)
        run_stage("import_dataset", out / "data", {"source": source})
    trainer = {"kind": "byte_bpe", "vocab_size": 280}
    run_stage("train_tokenizer", out / "tok", {"trainer": trainer}, dataset=out / "data/dataset")
    assert len(DatasetReader(out / "data/dataset").row_groups()) == NUM_GROUPS
    return {"train": out / "data/dataset", "tokenizer": out / "tok/tokenizer"}


@pytest.fixture(autouse=True)
def _few_groups_are_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenize_dataset, "GROUPS_PER_PROCESS_WITH_THREADS", 3)


@pytest.fixture(scope="module")
def straight(inputs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one process makes of it without a stop."""
    out = tmp_path_factory.mktemp("straight")
    run_stage("tokenize_dataset", out, {"processes": 1}, **inputs)
    return files_hash(out / "train")


class Watching(BenchContext):
    """Counts the processes that work beside this one whenever progress is told."""

    def progress(self, done: int, total: int, unit: str, phase: str) -> None:
        super().progress(done, total, unit, phase)
        self.rows.append({"processes": len(children_at_work())})


def test_two_processes_make_the_same_bytes(
    inputs: dict[str, Path], straight: str, tmp_path: Path
) -> None:
    plain = make_context("tokenize_dataset", tmp_path, {"processes": 2}, inputs)
    context = Watching(**vars(plain))
    STAGES.load("tokenize_dataset")().run(context)
    assert files_hash(tmp_path / "train") == straight
    assert max(row["processes"] for row in context.rows) == 2
    assert not children_at_work()
    assert not list(context.state_dir.glob("step-*"))


@pytest.mark.parametrize("stop_after", [1, 6, 13])
def test_a_stopped_run_goes_on_with_the_same_bytes(
    inputs: dict[str, Path],
    straight: str,
    tmp_path: Path,
    stop_after: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = stop(inputs, tmp_path / "first", stop_after)
    assert state.name == f"step-{stop_after}"
    with caplog.at_level(logging.INFO):
        go_on(inputs, tmp_path / "second", state)
    assert f"{stop_after} of {NUM_GROUPS} row groups were finished before" in caplog.text
    assert files_hash(tmp_path / "second/train") == straight


def test_what_was_finished_is_taken_and_what_was_damaged_is_made_again(
    inputs: dict[str, Path], straight: str, tmp_path: Path
) -> None:
    state = stop(inputs, tmp_path / "first", 6)
    group = state.parent / "step-4/group-2.npz"
    load_packed(state.parent / "step-4/group-0.npz").save(group)
    go_on(inputs, tmp_path / "second", state)
    assert files_hash(tmp_path / "second/train") != straight
    group.write_bytes(group.read_bytes()[:100])
    go_on(inputs, tmp_path / "third", state)
    assert files_hash(tmp_path / "third/train") == straight


def stop(inputs: dict[str, Path], out: Path, stop_after: int) -> Path:
    """Stop a run after so many row groups; returns its newest state."""
    context = make_context("tokenize_dataset", out, {"processes": 1}, inputs)
    context.stop_after = stop_after
    with pytest.raises(Stopped):
        STAGES.load("tokenize_dataset")().run(context)
    return max(context.state_dir.glob("step-*"), key=lambda state: int(state.name[5:]))


def go_on(inputs: dict[str, Path], out: Path, state: Path) -> None:
    context = make_context("tokenize_dataset", out, {"processes": 1}, inputs)
    context.resume_from = state
    STAGES.load("tokenize_dataset")().run(context)
