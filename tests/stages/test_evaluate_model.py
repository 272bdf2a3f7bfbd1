"""The evaluation: what it records, and that it refuses what does not belong together."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import read_checkpoint
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.loss import measure_loss
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.contract.stage_fixtures import train_model
from tests.stages.bench import make_context, run_stage

CONFIG = {
    "prompts": ["To be", "", ""],
    "sample": {"max_tokens": 6},
    "device": "cpu",
    "threads": 1,
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("trained") / "out"
    train_model(out)
    return {
        "checkpoint": out / "checkpoint",
        "validation": out / "from/validation",
        "train": out / "from/train",
        "tokenizer": out / "from/from/tokenizer",
    }


def test_what_is_recorded(trained: dict[str, Path], tmp_path: Path) -> None:
    context = run_stage("evaluate_model", tmp_path / "out", CONFIG, **trained)
    folder = tmp_path / "out/evaluation"
    found = json.loads((folder / "evaluation.json").read_text("utf-8"))
    reader = TokenReader(trained["validation"])
    loss = measure_loss(read_checkpoint(trained["checkpoint"]).model, reader)
    recorded = {name: found["loss"].pop(name) for name in ("nats_interval", "bits_interval")}
    assert recorded["nats_interval"] == pytest.approx(loss.nats_interval)
    assert recorded["bits_interval"] == pytest.approx(loss.bits_interval)
    rest = {name: value for name, value in loss.to_json().items() if name not in recorded}
    assert found["loss"] == pytest.approx(rest)
    assert found["step"] == 5
    assert [yardstick["kind"] for yardstick in found["yardsticks"]] == ["uniform", "ngram"]
    assert {y["loss"]["num_tokens"] for y in found["yardsticks"]} == {loss.num_tokens}
    assert [sample["prompt"] for sample in found["samples"]] == CONFIG["prompts"]
    assert len({sample["seed"] for sample in found["samples"]}) == 3
    summary = context.summaries["evaluation"]
    assert summary["bits_per_byte"] == pytest.approx(loss.bits_per_byte, abs=1e-4)
    assert set(summary["yardsticks"]) >= {"uniform guess"}
    assert [event.type for event in context.events] == ["sample.drawn"] * 3 + [
        "evaluation.recorded"
    ]


def test_documents_are_measured_apart_unless_it_is_asked_otherwise(
    trained: dict[str, Path], tmp_path: Path
) -> None:
    model = read_checkpoint(trained["checkpoint"]).model
    reader = TokenReader(trained["validation"])
    expected = [
        measure_loss(model, reader, is_across_documents=is_across).nats_per_token
        for is_across in (False, True)
    ]
    found = []
    for is_across in (False, True):
        config = {**CONFIG, "prompts": [], "attention_across_documents": is_across}
        run_stage("evaluate_model", tmp_path / str(is_across), config, **trained)
        text = (tmp_path / str(is_across) / "evaluation/evaluation.json").read_text("utf-8")
        found.append(json.loads(text)["loss"]["nats_per_token"])
    assert found == pytest.approx(expected, rel=1e-9)
    assert found[0] != found[1]


def test_each_held_out_document_is_an_item(trained: dict[str, Path], tmp_path: Path) -> None:
    run_stage("evaluate_model", tmp_path / "out", CONFIG, **trained)
    items = pq.read_table(tmp_path / "out/evaluation/items.parquet").to_pylist()
    found = json.loads((tmp_path / "out/evaluation/evaluation.json").read_text("utf-8"))
    reader = TokenReader(trained["validation"])
    starts, names = reader.documents()
    assert [item["id"] for item in items] == names
    sizes = [
        int(reader.token_bytes[reader.tokens()[start:stop]].sum())
        for start, stop in zip(starts, [*starts[1:], reader.num_tokens], strict=True)
    ]
    mean = sum(i["score"] * n for i, n in zip(items, sizes, strict=True)) / sum(sizes)
    assert mean == pytest.approx(found["loss"]["bits_per_byte"], rel=1e-4)


def test_equal_runs_give_equal_bytes(trained: dict[str, Path], tmp_path: Path) -> None:
    for name in ("a", "b"):
        run_stage("evaluate_model", tmp_path / name, CONFIG, **trained)
    for file in ("evaluation.json", "items.parquet"):
        one, two = (tmp_path / name / "evaluation" / file for name in ("a", "b"))
        assert one.read_bytes() == two.read_bytes()


def test_a_foreign_tokenizer_is_refused(trained: dict[str, Path], tmp_path: Path) -> None:
    source = {"kind": "arithmetic", "num_documents": 10}
    run_stage("import_dataset", tmp_path / "a", {"source": source})
    config = {"trainer": {"kind": "digits"}}
    run_stage("train_tokenizer", tmp_path / "b", config, dataset=tmp_path / "a/dataset")
    inputs = trained | {"tokenizer": tmp_path / "b/tokenizer"}
    with pytest.raises(InvalidSpec, match="the tokenizer 15") as caught:
        run_stage("evaluate_model", tmp_path / "out", CONFIG, **inputs)
    assert caught.value.code == "another-tokenizer"


@pytest.mark.parametrize("stop_after", [0, 1, 3])
def test_it_stops_when_asked(trained: dict[str, Path], tmp_path: Path, stop_after: int) -> None:
    context = make_context("evaluate_model", tmp_path / "out", CONFIG, trained)
    context.stop_after = stop_after
    with pytest.raises(Stopped):
        STAGES.load("evaluate_model")().run(context)
    assert not list((tmp_path / "out/evaluation").iterdir())
