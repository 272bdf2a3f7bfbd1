"""Saves beside the work: one at a time, what fails is told, nothing is left half."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData, DiskFull
from glassworks.specs.artifact import MANIFEST
from glassworks.specs.order import OrderSpec
from glassworks.stages import STAGES, stage_spec
from glassworks.storage.atomic import disk_full
from glassworks.storage.states import damage, steps
from glassworks.storage.store import open_store
from glassworks.worker.context import AttemptContext
from glassworks.worker.saving import BackgroundSave
from tests.worker.attempts import lines

LIMIT_S = 30.0


@pytest.fixture
def context(tmp_path: Path) -> AttemptContext:
    """The context of a stage that needs no input."""
    store = open_store(tmp_path / "store")
    order = OrderSpec(
        run="r000000000",
        attempt=1,
        stage="import_dataset",
        version=STAGES.load("import_dataset").version,
        config={"source": {"kind": "stories"}},
        store=str(store.root),
    )
    folder = tmp_path / "attempts" / "1"
    folder.mkdir(parents=True)
    stage = STAGES.load("import_dataset")
    return AttemptContext(folder, order, stage, stage_spec("import_dataset"), lambda: False)


class Gate:
    """A write that waits until it is let through."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def take(self) -> Callable[[Path], None]:
        def write(folder: Path) -> None:
            self.has_begun.set()
            assert self.may_end.wait(LIMIT_S)
            if self.error is not None:
                raise self.error
            (folder / "model.txt").write_text("7")

        return write


def save(context: AttemptContext, step: int, gate: Gate, **fields: Any) -> None:
    context.save_in_background(step, gate.take, ("model.txt",), **fields)


def test_the_work_goes_on_while_a_state_is_written(context: AttemptContext) -> None:
    gate = Gate()
    context.metrics({"step": 1})
    save(context, 1, gate)
    assert gate.has_begun.wait(LIMIT_S)
    context.metrics({"step": 2})
    assert not context.should_stop()
    assert steps(context.state_dir) == []
    gate.may_end.set()
    context.finish_saving()
    assert steps(context.state_dir) == [1]
    assert damage(context.state_dir / "step-1") == ""
    assert [line["step"] for line in lines(context.attempt_dir / "metrics.jsonl")] == [1, 2]
    saved = lines(context.attempt_dir / "events.jsonl")
    assert [(e["type"], e["step"]) for e in saved] == [("checkpoint.saved", 1)]


def test_the_next_save_waits_and_copies_only_then(context: AttemptContext) -> None:
    first, second = Gate(), Gate()
    second.may_end.set()
    has_copied = threading.Event()

    def take() -> Callable[[Path], None]:
        has_copied.set()
        return second.take()

    save(context, 1, first)
    waiting = threading.Thread(target=context.save_in_background, args=(2, take))
    waiting.start()
    assert not has_copied.wait(0.2), "the copy of the first would be overwritten"
    first.may_end.set()
    waiting.join(LIMIT_S)
    context.finish_saving()
    assert has_copied.is_set()
    assert steps(context.state_dir) == [1, 2]


def test_a_save_that_fails_is_told_once_and_leaves_no_half(context: AttemptContext) -> None:
    gate = Gate()
    gate.error = disk_full(context.state_dir)
    gate.may_end.set()
    save(context, 1, gate)
    with pytest.raises(DiskFull):
        context.finish_saving()
    assert list(context.state_dir.iterdir()) == []
    assert not context.should_stop()


@pytest.mark.parametrize("listen", ["should_stop", "save_state", "save_in_background"])
def test_whoever_comes_next_hears_of_it(context: AttemptContext, listen: str) -> None:
    gate = Gate()
    gate.error = BadData("x", "The disk lies.")
    save(context, 1, gate)
    gate.may_end.set()
    calls: dict[str, Callable[[], object]] = {
        "should_stop": context.should_stop,
        "save_state": lambda: context.save_state(2, lambda folder: None),
        "save_in_background": lambda: save(context, 2, gate),
    }
    thread = context._saving._thread
    assert thread is not None
    thread.join(LIMIT_S)
    with pytest.raises(BadData, match="The disk lies"):
        calls[listen]()


def test_waiting_is_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glassworks.worker.saving.LIFE_EVERY_S", 0.01)
    may_end = threading.Event()
    signs: list[int] = []

    def show_life() -> None:
        signs.append(1)
        if len(signs) == 3:
            may_end.set()

    saving = BackgroundSave(show_life)

    def work() -> None:
        assert may_end.wait(LIMIT_S)

    saving.begin(work)
    saving.wait()
    assert len(signs) >= 3


def test_what_is_there_is_complete(context: AttemptContext) -> None:
    """The writing order: while the files are written there is no folder of the state's name, and no artifact."""
    gate = Gate()
    save(context, 4, gate)
    assert gate.has_begun.wait(LIMIT_S)
    assert [path.name for path in context.state_dir.iterdir()] == [".step-4.tmp"]
    assert list(context.store.artifacts.ids()) == []
    gate.may_end.set()
    context.finish_saving()
    assert (context.state_dir / "step-4" / MANIFEST).exists()
    assert len(list(context.store.artifacts.ids())) == 1
