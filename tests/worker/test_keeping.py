"""Checkpoints that the policy does not keep are told, then removed; whoever else means them keeps them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from glassworks.common.ids import new_run_id
from glassworks.specs.events import (
    AttemptEvent,
    AttemptStarted,
    CheckpointDropped,
    CheckpointSaved,
    EvaluationRecorded,
)
from glassworks.specs.keeping import KeepCheckpoints
from glassworks.specs.run import RunSpec
from glassworks.storage.runs import RunFolder
from glassworks.storage.states import write_state
from glassworks.storage.store import Store, open_store
from glassworks.worker.keeping import drop_checkpoints

LOSSES = {10: 3.0, 20: 1.0, 30: 2.0, 40: 2.5, 50: 2.6}


class Saving:
    """A run that has saved five checkpoints, and its store."""

    def __init__(self, root: Path) -> None:
        self.store: Store = open_store(root / "store")
        self.root = root
        self.run = self.new_run()
        self.saved = {step: self.save(step) for step in LOSSES}

    def new_run(self) -> RunFolder:
        spec = RunSpec(id=new_run_id(), kind="stage", name="train", created_at="t", key="0" * 64)
        run = self.store.runs.create(spec)
        attempt = run.new_attempt()
        run.record(AttemptStarted(attempt=attempt.number))
        return run

    def save(self, step: int) -> str:
        file = self.root / "model.safetensors"
        file.write_text(f"weights of step {step}")
        artifact = self.store.artifacts.publish("checkpoint", {file.name: file}, {}).id
        file.unlink()
        self.tell(CheckpointSaved(step=step, artifact=artifact))
        self.tell(EvaluationRecorded(step=step, values={"validation_loss": LOSSES[step]}))
        return artifact

    def tell(self, event: AttemptEvent) -> None:
        self.run.attempt(1).events.append(event.to_json())

    def drop(
        self, attempt: int = 1, tell: Callable[[CheckpointDropped], None] | None = None
    ) -> None:
        policy = KeepCheckpoints(newest=1, best=1)
        drop_checkpoints(self.store, self.run, attempt, policy, 1, tell or self.tell)

    def named(self) -> list[int]:
        return [saved.step for saved in self.run.state().checkpoints]

    def there(self) -> list[int]:
        return [step for step, artifact in self.saved.items() if self.store.artifacts.has(artifact)]


@pytest.fixture
def saving(tmp_path: Path) -> Iterator[Saving]:
    yield Saving(tmp_path)


def test_the_best_and_the_newest_stay(saving: Saving) -> None:
    saving.drop()
    assert saving.named() == saving.there() == [20, 50]
    saving.drop()
    assert saving.named() == saving.there() == [20, 50]


def test_by_default_all_stay(saving: Saving) -> None:
    drop_checkpoints(saving.store, saving.run, 1, KeepCheckpoints(), 1, saving.tell)
    assert saving.there() == list(LOSSES)


class Killed(Exception):
    """Stands for a kill right after an event was stored."""


def test_a_kill_in_between_leaves_no_name_without_its_checkpoint(saving: Saving) -> None:
    def tell(event: CheckpointDropped) -> None:
        saving.tell(event)
        raise Killed

    with pytest.raises(Killed):
        saving.drop(tell=tell)
    assert saving.named() == [20, 30, 40, 50]
    assert set(saving.named()) < set(saving.there())
    saving.drop()
    assert saving.named() == [20, 50]


@pytest.mark.parametrize("who", ["another run", "an item", "a state"])
def test_what_someone_else_means_stays(saving: Saving, who: str) -> None:
    meant = saving.saved[30]
    if who == "another run":
        other = saving.new_run()
        other.attempt(1).events.append(CheckpointSaved(step=7, artifact=meant).to_json())
    elif who == "an item":
        saving.store.items.add_version("model", "good", meant, saving.run.id, "default")
    else:
        state_dir = saving.run.attempt(1).state_dir

        def write(folder: Path) -> None:
            (folder / "x").write_text("x")

        write_state(state_dir, 30, write, lambda _: meant)
    saving.drop()
    assert saving.named() == ([20, 30, 50] if who == "an item" else [20, 50])
    assert saving.there() == [20, 30, 50]


def test_an_attempt_that_was_replaced_removes_nothing(saving: Saving) -> None:
    second = saving.run.new_attempt()
    saving.run.record(AttemptStarted(attempt=second.number, from_step=50, from_attempt=1))
    saving.drop(attempt=1)
    assert saving.there() == list(LOSSES)


def test_a_reader_reads_on(saving: Saving) -> None:
    file = saving.store.artifacts.path(saving.saved[10]) / "model.safetensors"
    descriptor = os.open(file, os.O_RDONLY)
    saving.drop()
    assert not file.exists()
    assert os.read(descriptor, 100) == b"weights of step 10"
    os.close(descriptor)
