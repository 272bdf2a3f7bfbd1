"""The stage `mix_tokens`, and training on what it makes: shares, masks, limits, exact order across a resume."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassworks.common.errors import BadData, GlassworksError, InvalidSpec
from glassworks.lm.data import TokenReader, TokenWriter
from glassworks.lm.evaluate.yardsticks.ngram import NGram
from glassworks.specs.events import FindingRaised
from glassworks.specs.stage import Stopped
from glassworks.stages.train_model import TrainModel
from tests.lm.export.speaker import make_tokenizer
from tests.lm.train.tiny import ARCHITECTURE, CONTEXT, SETTINGS, VOCAB_SIZE
from tests.stages.bench import BenchContext, make_context, run_stage

SIZES = [0, 0] + [2] * (VOCAB_SIZE - 2)


def write(
    folder: Path, first: int, num_documents: int, has_mask: bool = False, sizes: list[int] = SIZES
) -> Path:
    """Documents of 19 tokens from `first` on, in shards of 500 tokens."""
    folder.mkdir(parents=True)
    with TokenWriter(folder, sizes, 1, shard_tokens=500) as writer:
        for number in range(num_documents):
            ids = [first + (number * 7 + at) % 50 for at in range(19)]
            mask = [at > 4 for at in range(19)] if has_mask else None
            writer.add(f"{folder.name}-{number}", ids, mask)
    return folder


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three sets whose ids do not overlap: 2,000, 1,000 and 400 tokens."""
    root = tmp_path_factory.mktemp("sets")
    return {
        "plays": write(root / "plays", 2, 100),
        "stories": write(root / "stories", 100, 50, has_mask=True),
        "notes": write(root / "notes", 200, 20),
    }


def mix(out: Path, sets: dict[str, Path], **config: Any) -> BenchContext:
    inputs = dict(zip(("first", "second", "third"), sets.values(), strict=False))
    names = {port: {"name": name} for port, name in zip(inputs, sets, strict=True)}
    merged = {port: {**names[port], **config.pop(port, {})} for port in inputs}
    return run_stage("mix_tokens", out, {**merged, **config}, **inputs)


def test_the_parts_stand_side_by_side(tmp_path: Path, sets: dict[str, Path]) -> None:
    context = mix(tmp_path, sets)
    mixed, readers = TokenReader(tmp_path / "tokens"), [TokenReader(s) for s in sets.values()]
    assert mixed.tokens().tolist() == [id_ for r in readers for id_ in r.tokens().tolist()]
    assert mixed.mask().tolist() == [is_in for r in readers for is_in in r.mask().tolist()]
    starts, names = mixed.documents()
    assert len(names) == 170
    assert names[100] == "stories-0"
    assert starts[100] == 2000
    assert (mixed.num_tokens, mixed.num_trained) == (3400, 3400 - 50 * 5)
    assert [(p.name, p.num_tokens) for p in mixed.parts] == [
        ("plays", 2000),
        ("stories", 1000),
        ("notes", 400),
    ]
    shares = context.summaries["tokens"]["shares"]
    assert shares == pytest.approx({"plays": 0.588, "stories": 0.294, "notes": 0.118}, abs=1e-3)


def test_large_sets_are_not_copied(tmp_path: Path, sets: dict[str, Path]) -> None:
    mix(tmp_path, sets)
    first, mixed = sets["plays"] / "shard-00000.bin", tmp_path / "tokens/shard-00000.bin"
    assert first.samefile(mixed)


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [(1, [0.588, 0.294, 0.118]), (2, [0.466, 0.33, 0.208]), (1000, [1 / 3] * 3)],
)
def test_temperature_makes_shares_more_equal(
    tmp_path: Path, sets: dict[str, Path], temperature: float, expected: list[float]
) -> None:
    mix(tmp_path, sets, temperature=temperature)
    read = read_by_part(TokenReader(tmp_path / "tokens"), num_steps=512)
    assert read == pytest.approx(expected, abs=0.01)


def test_weights_are_the_shares_whatever_the_sizes(tmp_path: Path, sets: dict[str, Path]) -> None:
    weights = {"first": {"weight": 1}, "second": {"weight": 2}, "third": {"weight": 7}}
    mix(tmp_path, sets, **weights)
    read = read_by_part(TokenReader(tmp_path / "tokens"), num_steps=512)
    assert read == pytest.approx([0.1, 0.2, 0.7], abs=0.001)


def read_by_part(reader: TokenReader, num_steps: int) -> list[float]:
    """The share of targets, end tokens aside, that came from each set, told by their ids."""
    ids = np.concatenate(
        [reader.batch(3, step, 8, CONTEXT).targets_BT for step in range(num_steps)]
    )
    counts = [int(((ids >= low) & (ids < low + 50)).sum()) for low in (2, 100, 200)]
    return [count / sum(counts) for count in counts]


def test_ranks_share_a_mixture_out(tmp_path: Path, sets: dict[str, Path]) -> None:
    mix(tmp_path, sets)
    reader = TokenReader(tmp_path / "tokens")
    ranks = [reader.batch(3, 5, 3, CONTEXT, rank, 4).inputs_BT for rank in range(4)]
    assert (np.concatenate(ranks) == reader.batch(3, 5, 12, CONTEXT).inputs_BT).all()


def test_a_yardstick_counts_every_part(tmp_path: Path, sets: dict[str, Path]) -> None:
    mix(tmp_path, sets)
    reader = TokenReader(tmp_path / "tokens")
    head = reader.tokens_at(reader.head(340))
    counts = [int(((head >= low) & (head < low + 50)).sum()) for low in (2, 100, 200)]
    assert counts == pytest.approx([190, 95, 38], abs=4)
    report = NGram.measure(NGram.Config(max_train_tokens=340), reader, TokenReader(sets["notes"]))
    assert report.details["train_tokens"] == len(head)


# --- what is refused ---------------------------------------------------------------------------------------------


def refused(
    tmp_path: Path, kind: type[GlassworksError], words: str, sets: dict[str, Path], **config: Any
) -> str:
    with pytest.raises(kind, match=words) as caught:
        mix(tmp_path / "out", sets, **config)
    assert caught.value.hint
    return caught.value.code


def test_another_tokenizer_is_named(tmp_path: Path, sets: dict[str, Path]) -> None:
    other = write(tmp_path / "other", 2, 10, sizes=[*SIZES[:-1], 3])
    found = {"plays": sets["plays"], "other": other}
    words = "other was made by another tokenizer than plays"
    assert refused(tmp_path, InvalidSpec, words, found) == "another-tokenizer"


def test_weights_for_all_or_none(tmp_path: Path, sets: dict[str, Path]) -> None:
    code = refused(tmp_path, InvalidSpec, "'second' has none", sets, first={"weight": 2})
    assert code == "weights-incomplete"


def test_settings_need_tokens(tmp_path: Path, sets: dict[str, Path]) -> None:
    code = refused(tmp_path, InvalidSpec, "'fourth'", sets, fourth={"max_epochs": 2})
    assert code == "missing-input"


def test_an_empty_part_and_a_mixture_as_a_part(tmp_path: Path, sets: dict[str, Path]) -> None:
    empty = {"plays": sets["plays"], "empty": write(tmp_path / "empty", 2, 0)}
    assert refused(tmp_path / "a", BadData, "empty holds no token", empty) == "empty-tokens"
    mix(tmp_path / "inner", sets)
    nested = {"plays": sets["plays"], "inner": tmp_path / "inner/tokens"}
    assert refused(tmp_path / "b", InvalidSpec, "inner is a mixture", nested) == "nested-mixture"


def test_names_differ(tmp_path: Path, sets: dict[str, Path]) -> None:
    with pytest.raises(ValueError, match="two parts are called 'same'"):
        mix(tmp_path, sets, first={"name": "same"}, second={"name": "same"})


# --- training ----------------------------------------------------------------------------------------------------


def training(out: Path, tokens: Path, steps: int = 12, **settings: Any) -> BenchContext:
    made = out / "made"
    if not made.exists():
        made.mkdir(parents=True)
        make_tokenizer(made / "tokenizer")
        (made / "architecture").mkdir()
        (made / "architecture/architecture.json").write_text(json.dumps(ARCHITECTURE))
    config = {**SETTINGS, "steps": steps, "checkpoint_every": 4, "sample_every": 0, **settings}
    inputs = {"train": tokens, **{name: made / name for name in ("tokenizer", "architecture")}}
    return make_context("train_model", out / "run", config, inputs)


def rows(context: BenchContext) -> list[tuple[float, float]]:
    return [(row["step"], row["loss"]) for row in context.rows]


def test_the_order_is_exact_across_a_resume(tmp_path: Path, sets: dict[str, Path]) -> None:
    """A part leaves in the middle of it: the run that was stopped reads on exactly where the other one is."""
    mix(tmp_path / "mix", sets, third={"max_epochs": 0.5})
    straight = training(tmp_path / "straight", tmp_path / "mix/tokens")
    TrainModel().run(straight)
    stopped = training(tmp_path / "stopped", tmp_path / "mix/tokens")
    stopped.stop_after = 6
    with pytest.raises(Stopped):
        TrainModel().run(stopped)
    states = sorted(stopped.state_dir.iterdir(), key=lambda path: int(path.name[5:]))
    resumed = training(tmp_path / "resumed", tmp_path / "mix/tokens")
    resumed.resume_from = states[-1]
    TrainModel().run(resumed)
    last = int(states[-1].name[5:])
    assert 4 <= last < 12
    assert rows(resumed) == rows(straight)[last:]


def test_a_run_says_how_often_it_reads_each_part(tmp_path: Path, sets: dict[str, Path]) -> None:
    mix(tmp_path / "mix", sets, third={"max_epochs": 0.5})
    context = training(tmp_path, tmp_path / "mix/tokens", steps=40)
    TrainModel().run(context)
    (plan,) = [e for e in context.events if isinstance(e, FindingRaised)]
    assert plan.code == "mixture-planned"
    assert "notes" in plan.message
    order = TokenReader(tmp_path / "mix/tokens").order(CONTEXT)
    for reading in order.readings(40 * 6):
        evidence = plan.evidence[reading.name]
        assert evidence["epochs"] == round(reading.epochs, 3)
        assert evidence["tokens"] == reading.num_windows * CONTEXT
        assert context.summaries["checkpoint"]["epochs"][reading.name] == evidence["epochs"]
    assert plan.evidence["notes"]["epochs"] == pytest.approx(0.5, abs=0.02)


def test_a_run_longer_than_the_mixture_is_told_before_it_starts(
    tmp_path: Path, sets: dict[str, Path]
) -> None:
    limit = {"max_epochs": 0.1}
    mix(tmp_path / "mix", sets, first=limit, second=limit, third=limit)
    context = training(tmp_path, tmp_path / "mix/tokens", steps=12)
    with pytest.raises(InvalidSpec, match="the run reads 72") as caught:
        TrainModel().run(context)
    assert caught.value.code == "mixture-used-up"
    assert context.rows == []
