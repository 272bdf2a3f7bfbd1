"""A run that begins with a trained model's weights, and a tokenizer that has grown since.

A real small run: a model learns a verse, its tokenizer gets a new special token, and the run goes on with documents that
have it. The old text costs what it cost, and the new token is learned.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint, read_checkpoint
from glassworks.lm.data import TokenWriter
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.extending import extend_tokenizer
from glassworks.specs.events import FindingRaised
from glassworks.stages.train_model import TrainModel
from tests.lm.export.speaker import make_tokenizer
from tests.stages.bench import BenchContext, make_context

VERSE = "To be, or not to be, that is the question: whether 'tis nobler in the mind to suffer. "
ARCHITECTURE = {"context": 16, "width": 32, "layers": 1, "attention": {"heads": 2}}
QUIET = {"checkpoint_every": 0, "evaluate_every": 0, "sample_every": 0}
SETTINGS = {"batch_size": 8, "device": "cpu", "dtype": "fp32", "threads": 1, **QUIET}


class Workbench:
    """Runs of `train_model` in one folder; inputs are known by name, as artifacts are by id."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "architecture").mkdir()
        self.write_architecture(ARCHITECTURE)
        make_tokenizer(root / "short")
        (root / "long").mkdir()
        roles = {"user": "<|user|>", "assistant": "<|assistant|>"}
        extend_tokenizer(root / "short", root / "long", roles, "", "short")

    def write_architecture(self, document: dict[str, Any]) -> None:
        (self.root / "architecture/architecture.json").write_text(json.dumps(document))

    def tokenizer(self, name: str) -> Tokenizer:
        return load_tokenizer(self.root / name)

    def tokens(self, name: str, tokenizer: str, lead: tuple[str, ...] = ()) -> Path:
        """The verse 20 times, each time after the special tokens of these roles."""
        speaker = self.tokenizer(tokenizer)
        folder = self.root / name
        folder.mkdir()
        sizes = [len(token) for token in speaker.token_bytes]
        end_id = speaker.role_id("end")
        assert end_id is not None
        first = [id_ for role in lead if (id_ := speaker.role_id(role)) is not None]
        with TokenWriter(folder, sizes, end_id, tokenizer) as writer:
            for number in range(20):
                writer.add(str(number), [*first, *speaker.encode(VERSE)])
        return folder

    def context(
        self, name: str, tokens: Path, tokenizer: str, init_from: Path | None, **settings: Any
    ) -> BenchContext:
        inputs = {
            "train": tokens,
            "tokenizer": self.root / tokenizer,
            "architecture": self.root / "architecture",
        } | ({} if init_from is None else {"init_from": init_from})
        context = make_context("train_model", self.root / name, SETTINGS | settings, inputs)
        context.input_ids["tokenizer"] = tokenizer
        return context

    def run(self, *args: Any, **settings: Any) -> BenchContext:
        context = self.context(*args, **settings)
        TrainModel().run(context)
        return context


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def learned(bench: Workbench) -> Path:
    """The checkpoint of a model that knows the verse."""
    context = bench.run("first", bench.tokens("old", "short"), "short", None, steps=60)
    assert context.rows[-1]["loss"] < 1.5
    checkpoint: Path = context.outputs.checkpoint
    return checkpoint


def loss_of(checkpoint: Checkpoint, ids: list[int]) -> float:
    with torch.no_grad():
        logits_TV = checkpoint.model(torch.tensor([ids[:-1]]))[0]
    return float(cross_entropy(logits_TV, torch.tensor(ids[1:])))


def chance_of(checkpoint: Checkpoint, first_id: int, next_id: int) -> float:
    with torch.no_grad():
        logits_V = checkpoint.model(torch.tensor([[first_id]]))[0, -1]
    return float(logits_V.softmax(-1)[next_id])


def test_old_text_costs_the_same_and_the_new_token_is_learned(
    bench: Workbench, learned: Path
) -> None:
    tokens = bench.tokens("chat", "long", lead=("user",))
    context = bench.run(
        "second", tokens, "long", learned, steps=100, checkpoint_every=1, keep_states=100
    )
    begun = [event for event in context.events if isinstance(event, FindingRaised)]
    assert [note.evidence["new_tokens"] for note in begun] == [2]
    speaker = bench.tokenizer("long")
    verse = speaker.encode(VERSE)[:16]
    before = read_checkpoint(learned)
    first = read_checkpoint(context.state_dir / "step-1")
    assert loss_of(first, verse) == pytest.approx(loss_of(before, verse), abs=0.2)
    after = read_checkpoint(context.outputs.checkpoint)
    assert loss_of(after, verse) < 1
    end_id, user_id = speaker.role_id("end"), speaker.role_id("user")
    assert end_id is not None
    assert user_id is not None
    chance = [chance_of(model, end_id, user_id) for model in (first, after)]
    assert chance[0] < 0.1
    assert chance[1] > 0.7
    assert after.tokenizer_id == "long"
    assert after.architecture.vocab_size == 302


def test_the_first_weights_are_those_of_the_model(bench: Workbench, learned: Path) -> None:
    """Steps of no length: what comes out is what was begun with, in the old rows bit for bit."""
    tokens = bench.tokens("still", "long")
    still = {"optimizer": {"kind": "adamw", "learning_rate": 1e-12, "weight_decay": 0}}
    context = bench.run("still-run", tokens, "long", learned, steps=1, **still)
    found = load_file(context.outputs.checkpoint / "model.safetensors")
    for name, weight in load_file(learned / "model.safetensors").items():
        assert torch.allclose(found[name][: len(weight)], weight, atol=1e-9)


def test_the_same_tokenizer_goes_on_without_new_rows(bench: Workbench, learned: Path) -> None:
    context = bench.run("same", bench.root / "old", "short", learned, steps=1)
    assert context.rows[0]["loss"] < 1.5
    notes = [event for event in context.events if isinstance(event, FindingRaised)]
    assert "new tokens" not in notes[0].message
    assert context.rows[0]["step"] == 1


def test_a_run_that_was_cut_is_the_run_that_was_not(bench: Workbench, learned: Path) -> None:
    tokens = bench.tokens("cut", "long", lead=("user",))
    whole = bench.run("whole", tokens, "long", learned, steps=6, checkpoint_every=3)
    again = bench.context("again", tokens, "long", learned, steps=6, checkpoint_every=3)
    again.resume_from = whole.state_dir / "step-3"
    TrainModel().run(again)
    weights = [c.outputs.checkpoint / "model.safetensors" for c in (whole, again)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_a_stranger_is_refused(bench: Workbench, learned: Path) -> None:
    """The short tokenizer has not grown from the long one: a model of 302 tokens cannot lose two."""
    tokens = bench.tokens("back", "long")
    longer = bench.run("longer", tokens, "long", learned, steps=1).outputs.checkpoint
    context = bench.context("shorter", bench.root / "old", "short", longer, steps=1)
    with pytest.raises(InvalidSpec, match="has not grown from it") as caught:
        TrainModel().run(context)
    assert caught.value.code == "wrong-tokenizer"


def test_another_architecture_is_refused(bench: Workbench, learned: Path) -> None:
    bench.write_architecture({**ARCHITECTURE, "layers": 2})
    try:
        context = bench.context("other", bench.root / "old", "short", learned, steps=1)
        with pytest.raises(InvalidSpec, match="another architecture"):
            TrainModel().run(context)
    finally:
        bench.write_architecture(ARCHITECTURE)
