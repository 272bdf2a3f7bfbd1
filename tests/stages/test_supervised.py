"""Learning from answers alone, from conversations to weights: which tokens are learned from, token by token."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import read_checkpoint
from glassworks.lm.data import DatasetReader, TokenReader
from glassworks.lm.generate.generate import Piece, generate
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.chat import (
    DEFAULT_TEMPLATE,
    Message,
    encode_chat,
    encode_prompt,
    save_with_template,
)
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.lm.train import observe
from glassworks.lm.train.objectives import OBJECTIVES
from glassworks.specs.events import FindingRaised, SampleDrawn
from glassworks.stages.train_model import TrainModel
from tests.lm.model.tiny import shaken_model
from tests.lm.tokenizer.test_bpe import SAMPLE
from tests.lm.train.tiny import SETTINGS
from tests.stages.bench import BenchContext, make_context, run_stage

ROLES = {role: f"<|{role}|>" for role in ("end", "user", "assistant")}
ARCHITECTURE = {"context": 32, "width": 32, "layers": 1, "attention": {"heads": 2}}
SUPERVISED = {"kind": "supervised_next_token"}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Conversations, as tokens of which the assistant's are marked, and as tokens without marks."""
    root = tmp_path_factory.mktemp("inputs")
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=300, special_tokens=ROLES), iter([SAMPLE]))
    (root / "plain").mkdir()
    save_tokenizer(root / "plain", trained.inner, trained.roles)
    (root / "tokenizer").mkdir()
    save_with_template(root / "plain", DEFAULT_TEMPLATE, root / "tokenizer")
    run_stage("import_dataset", root / "data", {"source": {"kind": "chats", "num_documents": 12}})
    parts = {"train": root / "data/dataset", "tokenizer": root / "tokenizer"}
    for name, train_on in (("marked", "assistant"), ("unmarked", "all")):
        settings = {"train_on": train_on, "processes": 1}
        run_stage("tokenize_dataset", root / name, settings, **parts)
    (root / "architecture").mkdir()
    (root / "architecture/architecture.json").write_text(json.dumps(ARCHITECTURE))
    return {
        "dataset": root / "data/dataset",
        "tokenizer": root / "tokenizer",
        "marked": root / "marked/train",
        "unmarked": root / "unmarked/train",
        "architecture": root / "architecture",
    }


def context_of(
    out: Path, inputs: dict[str, Path], tokens: str = "marked", **settings: Any
) -> BenchContext:
    config = {**SETTINGS, "objective": SUPERVISED, "sample_every": 0, **settings}
    ports = {name: inputs[name] for name in ("tokenizer", "architecture")}
    return make_context("train_model", out, config, {**ports, "train": inputs[tokens]})


def said(tokenizer: Tokenizer, dataset: Path) -> tuple[list[int], list[bool]]:
    """All conversations as the template writes them, and which tokens the assistant wrote."""
    ids: list[int] = []
    is_answer: list[bool] = []
    for document in DatasetReader(dataset):
        messages = [Message.model_validate(one) for one in document.meta["messages"]]
        found = encode_chat(tokenizer, messages)
        ids += found.ids
        is_answer += found.is_trained
    return ids, is_answer


def test_the_marks_are_the_assistants_tokens(inputs: dict[str, Path]) -> None:
    reader = TokenReader(inputs["marked"])
    ids, is_answer = said(load_tokenizer(inputs["tokenizer"]), inputs["dataset"])
    assert reader.tokens().tolist() == ids
    assert reader.mask().tolist() == is_answer
    assert 0 < reader.num_trained == sum(is_answer) < len(ids)


def test_a_sample_is_asked_as_a_user_asks(
    tmp_path: Path, inputs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt, tokenizer = "Who are you?", load_tokenizer(inputs["tokenizer"])
    asked = list(encode_prompt(tokenizer, [Message(role="user", content=prompt)]).ids)
    read: list[list[int]] = []

    def noting(*given: Any, **more: Any) -> Iterator[Piece]:
        read.append(given[2])
        return generate(*given, **more)

    monkeypatch.setattr(observe, "generate", noting)
    settings: dict[str, Any] = {
        "sample_every": 1,
        "sample_prompt": prompt,
        "sample_tokens": 4,
        "steps": 2,
    }
    for objective, ids in ((SUPERVISED, asked), ({"kind": "next_token"}, tokenizer.encode(prompt))):
        context = context_of(tmp_path / objective["kind"], inputs, objective=objective, **settings)
        TrainModel().run(context)
        assert read == [ids] * 3, objective
        assert {one.prompt for one in context.events if isinstance(one, SampleDrawn)} == {prompt}
        read.clear()


def test_each_marked_token_counts_and_no_other(inputs: dict[str, Path]) -> None:
    """Another target in the place of each token in turn: the loss changes where the assistant wrote, and nowhere else."""
    reader = TokenReader(inputs["marked"])
    batch = reader.batch(1, 0, 2, ARCHITECTURE["context"])  # type: ignore[arg-type]
    assert batch.mask_BT is not None
    assert batch.mask_BT.any()
    assert not batch.mask_BT.all()
    cls = OBJECTIVES.load("supervised_next_token")
    objective = cls(cls.Config(kind="supervised_next_token"))
    document = {**ARCHITECTURE, "vocab_size": reader.vocab_size}
    model = shaken_model(parse_architecture(document))
    inputs_BT, targets_BT, mask_BT = map(
        torch.from_numpy, (batch.inputs_BT.copy(), batch.targets_BT.copy(), batch.mask_BT)
    )
    with torch.no_grad():
        expected = cross_entropy(model(inputs_BT)[mask_BT], targets_BT[mask_BT], reduction="sum")
        loss = objective.loss_sum(model, inputs_BT, targets_BT, mask_BT)
        torch.testing.assert_close(loss, expected)
        for row, column in torch.ones_like(targets_BT).nonzero().tolist():
            other_BT = targets_BT.clone()
            other_BT[row, column] = (other_BT[row, column] + 1) % reader.vocab_size
            changed = objective.loss_sum(model, inputs_BT, other_BT, mask_BT)
            assert bool(changed != loss) == bool(mask_BT[row, column]), (row, column)


def test_a_model_learns_the_answers_and_not_the_questions(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    context = context_of(tmp_path, inputs, steps=120, batch_size=8, evaluate_every=0)
    TrainModel().run(context)
    told = [e for e in context.events if isinstance(e, FindingRaised) and e.code == "learns-from"]
    assert len(told) == 1
    assert "that the assistant wrote" in told[0].message
    model = read_checkpoint(context.outputs.checkpoint).model
    reader = TokenReader(inputs["marked"])
    batch = reader.batch(1, 0, 16, ARCHITECTURE["context"])  # type: ignore[arg-type]
    assert batch.mask_BT is not None
    with torch.no_grad():
        logits_BTV = model(torch.from_numpy(batch.inputs_BT.copy()))
        loss_BT = cross_entropy(
            logits_BTV.mT, torch.from_numpy(batch.targets_BT.copy()), reduction="none"
        )
    mask_BT = torch.from_numpy(batch.mask_BT)
    answers, questions = float(loss_BT[mask_BT].mean()), float(loss_BT[~mask_BT].mean())
    assert answers < 2
    assert questions > answers + 2


def test_tokens_without_marks_are_refused(tmp_path: Path, inputs: dict[str, Path]) -> None:
    with pytest.raises(InvalidSpec, match="nothing is marked") as caught:
        TrainModel().run(context_of(tmp_path, inputs, "unmarked"))
    assert caught.value.code == "nothing-marked"
