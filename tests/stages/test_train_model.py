"""Training as a stage. Exactness first: whatever the moment of a kill, the run that goes on is the run that was not cut.

Each test has evaluation, samples and tracked prompts on, as the shipped recipe has.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from glassworks.common.errors import BadData, InvalidSpec, Unavailable
from glassworks.lm.train.config import TrainConfig
from glassworks.specs.events import (
    EvaluationRecorded,
    FindingRaised,
    PromptTracked,
    SampleDrawn,
)
from glassworks.specs.stage import Stopped
from glassworks.stages.train_model import TrainModel
from tests.lm.export.speaker import make_tokenizer
from tests.lm.train.tiny import ARCHITECTURE, SETTINGS, write_tokens
from tests.stages.bench import BenchContext, make_context

STEPS = 12
LOOKING = {
    "checkpoint_every": 4,
    "evaluate_every": 3,
    "evaluate_tokens": 120,
    "sample_every": 4,
    "sample_prompt": "To be",
    "sample_tokens": 8,
    "tracked_prompts": ["To be, or not", "whether"],
}


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    assert torch.get_num_threads() == threads, "the stage gives the threads back"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("inputs")
    make_tokenizer(root / "tokenizer")
    architecture = root / "architecture"
    architecture.mkdir()
    (architecture / "architecture.json").write_text(json.dumps(ARCHITECTURE))
    return {
        "train": write_tokens(root / "train"),
        "validation": write_tokens(root / "validation", 400),
        "tokenizer": root / "tokenizer",
        "architecture": architecture,
    }


def context_of(out: Path, inputs: dict[str, Path], **settings: Any) -> BenchContext:
    config = {**SETTINGS, **LOOKING, "steps": STEPS, "threads": 2, **settings}
    return make_context("train_model", out, config, inputs)


def run(context: BenchContext) -> BenchContext:
    TrainModel().run(context)
    return context


def exact_rows(context: BenchContext, after: int = 0) -> list[tuple[float, ...]]:
    names = ("step", "loss", "learning_rate", "gradient_norm", "tokens")
    return [tuple(row[n] for n in names) for row in context.rows if row["step"] > after]


def facts(context: BenchContext, after: int = -1) -> list[dict[str, Any]]:
    kinds = (EvaluationRecorded, SampleDrawn, PromptTracked)
    found = [event for event in context.events if isinstance(event, kinds)]
    return [event.model_dump(exclude={"time"}) for event in found if event.step > after]


def weights_of(context: BenchContext) -> bytes:
    data: bytes = (context.outputs.checkpoint / "model.safetensors").read_bytes()
    return data


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
@pytest.mark.parametrize("kind", ["adamw", "muon"])
def test_a_run_that_was_cut_is_the_run_that_was_not(
    tmp_path: Path, inputs: dict[str, Path], kind: str, dtype: str
) -> None:
    settings: dict[str, Any] = {"optimizer": {"kind": kind}, "dtype": dtype, "accumulation": 2}
    whole = run(context_of(tmp_path / "whole", inputs, **settings))
    for step in (4, 8, 12):
        again = context_of(tmp_path / f"from-{step}", inputs, **settings)
        again.resume_from = whole.state_dir / f"step-{step}"
        run(again)
        assert exact_rows(again) == exact_rows(whole, after=step)
        assert facts(again) == facts(whole, after=step)
        assert weights_of(again) == weights_of(whole)
    assert len(exact_rows(whole)) == STEPS


def test_layers_that_are_computed_again_change_no_bit(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    """Not even where a run goes on with activation checkpointing that began without."""
    whole = run(context_of(tmp_path / "whole", inputs, accumulation=2))
    again = context_of(tmp_path / "again", inputs, accumulation=2, activation_checkpointing=True)
    assert again.config.hashed() == whole.config.hashed()
    again.resume_from = whole.state_dir / "step-4"
    run(again)
    assert exact_rows(again) == exact_rows(whole, after=4)
    assert facts(again) == facts(whole, after=4)
    assert weights_of(again) == weights_of(whole)


def test_going_on_in_another_way_of_computing_is_told(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    """A state of a compiled run, gone on with where nothing is compiled."""
    parent = run(context_of(tmp_path / "parent", inputs))
    spec = parent.state_dir / "step-8" / "training.json"
    spec.write_text(json.dumps({**json.loads(spec.read_text()), "is_compiled": True}))
    child = context_of(tmp_path / "child", inputs)
    child.resume_from = spec.parent
    run(child)
    notes = [event for event in child.events if isinstance(event, FindingRaised)]
    assert [(note.level, note.code, note.step) for note in notes] == [("warn", "not-bit-exact", 8)]
    assert notes[0].evidence == {"before": "compiled", "now": "eager"}


@pytest.mark.parametrize("file", ["optimizer.safetensors", "model.safetensors"])
def test_each_part_of_the_state_matters(tmp_path: Path, inputs: dict[str, Path], file: str) -> None:
    """The test above can fail: with one part of the state a little wrong, the run is another."""
    whole = run(context_of(tmp_path / "whole", inputs))
    path = whole.state_dir / "step-4" / file
    tensors = load_file(path)
    save_file({name: tensor * (1 + 1e-3) for name, tensor in tensors.items()}, path)
    again = context_of(tmp_path / "again", inputs)
    again.resume_from = path.parent
    run(again)
    assert exact_rows(again) != exact_rows(whole, after=4)
    assert weights_of(again) != weights_of(whole)


def test_a_stop_saves_and_can_be_taken_up(tmp_path: Path, inputs: dict[str, Path]) -> None:
    whole = run(context_of(tmp_path / "whole", inputs))
    cut = context_of(tmp_path / "cut", inputs)
    cut.stop_after = 6
    with pytest.raises(Stopped):
        run(cut)
    assert (cut.state_dir / "step-7" / "training.json").exists()
    again = context_of(tmp_path / "again", inputs)
    again.resume_from = cut.state_dir / "step-7"
    run(again)
    assert exact_rows(cut) + exact_rows(again) == exact_rows(whole)
    assert facts(cut) + facts(again) == facts(whole)
    assert weights_of(again) == weights_of(whole)


def test_looking_changes_nothing(tmp_path: Path, inputs: dict[str, Path]) -> None:
    nothing = {"evaluate_every": 0, "sample_every": 0, "checkpoint_every": 0, "tracked_prompts": []}
    looked = run(context_of(tmp_path / "looked", inputs))
    torch.rand(5)  # the global generator is somewhere else now
    alone = run(context_of(tmp_path / "alone", inputs, **nothing))
    assert facts(alone) == []
    assert exact_rows(alone) == exact_rows(looked)
    assert weights_of(alone) == weights_of(looked)


def test_facts_come_before_the_state_that_follows_them(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    context = context_of(tmp_path / "out", inputs)
    known: dict[int, tuple[int, int]] = {}
    save_state = context.save_state

    def save(step: int, *rest: Any, **named: Any) -> None:
        known[step] = (len(context.rows), max(fact["step"] for fact in facts(context)))
        save_state(step, *rest, **named)

    context.save_state = save  # type: ignore[method-assign]
    run(context)
    assert known == {4: (4, 4), 8: (8, 8), 12: (12, 12)}


def test_what_is_recorded(tmp_path: Path, inputs: dict[str, Path]) -> None:
    context = context_of(tmp_path / "out", inputs)
    context.machine = {"matmul_gflops": {"cpu/fp32": 100.0}}
    run(context)
    evaluated = [e for e in context.events if isinstance(e, EvaluationRecorded)]
    assert [event.step for event in evaluated] == [0, 3, 6, 9, 12]
    assert set(evaluated[0].values) == {"validation_loss", "bits_per_byte"}
    assert evaluated[0].values["validation_loss"] == pytest.approx(5.704, abs=0.01)
    assert evaluated[-1].values["validation_loss"] < evaluated[0].values["validation_loss"]
    samples = [e for e in context.events if isinstance(e, SampleDrawn)]
    assert [event.step for event in samples] == [0, 4, 8, 12]
    assert len({event.seed for event in samples}) == 4
    tracked = [e for e in context.events if isinstance(e, PromptTracked)]
    assert [event.prompt for event in tracked[:2]] == list(context.config.tracked_prompts)
    assert list(tracked[-1].probabilities) == sorted(tracked[-1].probabilities, reverse=True)
    assert set(context.rows[-1]) == {
        "step",
        "loss",
        "learning_rate",
        "gradient_norm",
        "tokens_per_s",
        "memory_bytes",
        "tokens",
        "utilization",
        "data_s",
        "forward_s",
        "backward_s",
        "optimizer_s",
        "save_s",
        "measure_s",
    }
    stood_still = [row["step"] for row in context.rows if row["save_s"] > 0]
    assert stood_still == [5, 9], "told with the step after the save"
    assert context.progressed[-1] == (STEPS, STEPS, "steps", "training")
    assert context.summaries["checkpoint"]["step"] == STEPS


def test_the_output_is_the_last_state(tmp_path: Path, inputs: dict[str, Path]) -> None:
    context = run(context_of(tmp_path / "out", inputs))
    files = {file.name: file.read_bytes() for file in context.outputs.checkpoint.iterdir()}
    last = context.state_dir / f"step-{STEPS}"
    assert set(files) == {"model.safetensors", "architecture.json", "checkpoint.json"}
    assert all((last / name).read_bytes() == data for name, data in files.items())
    about = json.loads(files["checkpoint.json"])
    assert (about["step"], about["tokenizer"]) == (STEPS, context.input_ids["tokenizer"])


def test_a_finished_run_can_be_continued(tmp_path: Path, inputs: dict[str, Path]) -> None:
    parent = run(context_of(tmp_path / "parent", inputs))
    child = context_of(tmp_path / "child", inputs, steps=STEPS + 4)
    child.resume_from = parent.state_dir / f"step-{STEPS}"
    run(child)
    assert [row["step"] for row in child.rows] == [13, 14, 15, 16]
    notes = [event for event in child.events if isinstance(event, FindingRaised)]
    assert [(note.code, note.step) for note in notes] == [("schedule-stretched", STEPS)]

    again = context_of(tmp_path / "again", inputs, steps=STEPS + 4)
    again.resume_from = child.state_dir / "step-16"
    run(again)
    assert not [event for event in again.events if isinstance(event, FindingRaised)]


def test_going_back_is_refused(tmp_path: Path, inputs: dict[str, Path]) -> None:
    parent = run(context_of(tmp_path / "parent", inputs))
    child = context_of(tmp_path / "child", inputs, steps=5)
    child.resume_from = parent.state_dir / "step-8"
    with pytest.raises(InvalidSpec, match="at step 8, beyond the 5 steps"):
        run(child)


def test_another_architecture_is_refused(tmp_path: Path, inputs: dict[str, Path]) -> None:
    parent = run(context_of(tmp_path / "parent", inputs))
    other = with_architecture(tmp_path / "other", inputs, {**ARCHITECTURE, "layers": 3})
    child = context_of(tmp_path / "child", other)
    child.resume_from = parent.state_dir / "step-8"
    with pytest.raises(InvalidSpec, match="another architecture"):
        run(child)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vocab_size": 100}, "The architecture knows 100 tokens, the tokenizer has 300"),
        ({"context": 8000}, "The text has 4,002 tokens; one window needs 8,001"),
        ({"attention": {"heads": 3}}, "3 heads do not divide a width of 8"),
    ],
)
def test_an_impossible_architecture_is_told(
    tmp_path: Path, inputs: dict[str, Path], change: dict[str, Any], message: str
) -> None:
    other = with_architecture(tmp_path / "other", inputs, {**ARCHITECTURE, **change})
    with pytest.raises((InvalidSpec, BadData), match=message):
        run(context_of(tmp_path / "out", other))
    assert list((tmp_path / "out" / "checkpoint").iterdir()) == []


def test_tokens_of_another_tokenizer_are_refused(tmp_path: Path, inputs: dict[str, Path]) -> None:
    tokens = write_tokens(tmp_path / "tokens")
    figures = json.loads((tokens / "tokens.json").read_text())
    (tokens / "tokens.json").write_text(json.dumps({**figures, "tokenizer": "f" * 64}))
    with pytest.raises(InvalidSpec, match="another tokenizer"):
        run(context_of(tmp_path / "out", {**inputs, "train": tokens}))


def test_without_validation_nothing_is_evaluated(tmp_path: Path, inputs: dict[str, Path]) -> None:
    connected = {name: path for name, path in inputs.items() if name != "validation"}
    context = run(context_of(tmp_path / "out", connected))
    assert not [event for event in context.events if isinstance(event, EvaluationRecorded)]


def test_spare_rows_of_the_vocabulary_are_allowed(tmp_path: Path, inputs: dict[str, Path]) -> None:
    other = with_architecture(tmp_path / "other", inputs, {**ARCHITECTURE, "vocab_size": 320})
    run(context_of(tmp_path / "out", other))


def test_auto_is_resolved_once() -> None:
    machine = {"devices": ["cpu"], "num_cores": 6, "has_fast_bf16": True}
    config = TrainModel.resolve(TrainConfig(), machine)
    assert (config.device, config.dtype, config.threads) == ("cpu", "bf16", 6)
    slow = TrainModel.resolve(TrainConfig(), {**machine, "has_fast_bf16": False})
    assert slow.dtype == "fp32"
    chosen = TrainConfig(device="cpu", dtype="fp32", threads=3, compile=False)
    assert TrainModel.resolve(chosen, machine) == chosen
    resources = TrainModel.resources(config)
    assert (resources.device, resources.dtype, resources.threads) == ("cpu", "bf16", 6)
    assert "auto" not in TrainModel.resolve(TrainConfig(), {}).to_json().values()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is such a device here")
def test_a_missing_device_is_told() -> None:
    with pytest.raises(Unavailable, match="no device 'cuda'"):
        TrainModel.resolve(TrainConfig(device="cuda"), {})


def test_pieces_must_divide_the_batch() -> None:
    with pytest.raises(ValueError, match="4 pieces do not divide a batch of 6"):
        TrainConfig(batch_size=6, accumulation=4)


def with_architecture(
    folder: Path, inputs: dict[str, Path], document: dict[str, Any]
) -> dict[str, Path]:
    folder.mkdir()
    (folder / "architecture.json").write_text(json.dumps(document))
    return {**inputs, "architecture": folder}
