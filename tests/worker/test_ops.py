"""The helper's ops, asked as the helper asks them."""

import json
from pathlib import Path
from typing import Any

import pytest

from glassworks.specs.machine import MachineSpec
from glassworks.specs.stage import StageSpec
from glassworks.worker.ops import OPS
from glassworks.worker.ops.base import Op
from glassworks.worker.tools import answer
from tests.worker.models import TinyModel, make_tiny_model

ARCHITECTURE = {"width": 64, "layers": 2, "context": 32, "attention": {"heads": 4}}
MACHINE = MachineSpec(
    measured_at="",
    hostname="",
    platform="",
    python="",
    torch="",
    processor="",
    num_cores=2,
    memory_bytes=1 << 33,
    has_fast_bf16=False,
    matmul_gflops={"cpu/fp32": 100.0, "cpu/bf16": 1.0},
)


def ask(op: str, **args: Any) -> dict[str, Any]:
    found = answer(json.dumps({"id": 1, "op": op, "args": args}))
    assert found["id"] == 1
    return found


def result(op: str, **args: Any) -> dict[str, Any]:
    found = ask(op, **args)
    assert found["ok"], found
    done: dict[str, Any] = found["result"]
    return done


def resolve(config: dict[str, Any], **inline: Any) -> dict[str, Any]:
    node = {"name": "train", "stage": "train_model", "config": config, "inline_inputs": inline}
    return ask("resolve", nodes=[node], machine=MACHINE.to_json())


def test_every_op_is_typed_and_documented() -> None:
    for op in OPS.all().values():
        assert issubclass(op, Op)
        assert (op.__doc__ or "").strip()
        assert op.Args.model_config.get("extra") == "forbid"


def test_the_catalog_lists_stages_and_components() -> None:
    found = result("catalog")
    stages = {name: StageSpec.model_validate(fields) for name, fields in found["stages"].items()}
    assert stages["train_model"].can_continue
    assert stages["train_model"].inputs["architecture"].kind == "architecture"
    rotary = found["components"]["model.position"]["rotary"]
    assert rotary["origin"] == "glassworks"
    assert rotary["purpose"]
    assert rotary["schema"]["properties"]["kind"]["default"] == "rotary"


def test_resolve_fills_in_defaults_and_auto_and_completes_documents() -> None:
    node = resolve({"steps": 5}, architecture=ARCHITECTURE)["result"]["nodes"]["train"]
    assert node["config"]["steps"] == 5
    assert (node["config"]["device"], node["config"]["dtype"]) == ("cpu", "fp32")
    assert isinstance(node["config"]["threads"], int)
    assert node["resources"]["threads"] == node["config"]["threads"]
    assert "keep_states" in node["config"]
    assert "keep_states" not in node["hashed_config"]
    assert node["libraries"]["torch"]
    assert node["documents"]["architecture"]["attention"]["kind"] == "grouped"
    again = resolve({"steps": 5}, architecture=node["documents"]["architecture"])
    assert again["result"]["nodes"]["train"]["documents"] == node["documents"]


@pytest.mark.parametrize(
    ("config", "architecture", "where"),
    [
        ({"steps": 0}, ARCHITECTURE, "train.steps"),
        ({"stepz": 5}, ARCHITECTURE, "train.stepz"),
        ({}, {**ARCHITECTURE, "depth": 3}, "train.architecture.depth"),
        ({}, {**ARCHITECTURE, "attention": {"heads": 7}}, "train.architecture.attention.heads"),
        ({}, {**ARCHITECTURE, "norm": {"kind": "none_such"}}, "train.architecture.norm.kind"),
    ],
)
def test_resolve_names_the_node_and_the_field(
    config: dict[str, Any], architecture: dict[str, Any], where: str
) -> None:
    found = resolve(config, architecture=architecture)
    assert not found["ok"]
    assert found["error"]["type"] == "InvalidSpec"
    assert found["error"]["where"] == where
    assert found["error"]["hint"]


def test_resolve_refuses_what_is_no_document_or_no_input() -> None:
    assert resolve({}, tokenizer={"a": 1})["error"]["code"] == "not-a-document"
    assert resolve({}, tokeniser={"a": 1})["error"]["code"] == "unknown-input"


def test_estimate_is_arithmetic() -> None:
    args = {
        "stage": "train_model",
        "config": {"steps": 10, "batch_size": 4},
        "architecture": ARCHITECTURE,
        "vocab_size": 256,
    }
    unknown = result("estimate", **args)
    assert unknown["parameters"] > 256 * 64
    assert unknown["num_tokens"] == 10 * 4 * 32
    assert unknown["least_time_s"] is None
    history = {"points": [{"where": "cpu/fp32", "utilization": 0.5}]}
    known = result("estimate", **args, machine=MACHINE.to_json(), history=history)
    assert known["least_time_s"] == pytest.approx(known["training_flops"] / 100e9)
    assert known["time_s"] == pytest.approx(2 * known["least_time_s"])
    memory = known["memory_bytes"]
    assert memory["total"] == sum(value for name, value in memory.items() if name != "total")
    assert memory["weights"] == known["parameters"] * 4


def test_a_text_is_encoded_and_decoded(tmp_path: Path) -> None:
    model: TinyModel = make_tiny_model(tmp_path)
    where = {"tokenizer": str(model.store.artifacts.path(model.tokenizer))}
    text = "To be, or not — to be"
    [found] = result("tokenizer_encode", **where, texts=[text])["results"]
    [back] = result("tokenizer_decode", **where, ids=[found["ids"]])["results"]
    assert back == {"text": text, "hex": text.encode().hex()}
    wrong = ask("tokenizer_decode", **where, ids=[[10_000_000]])
    assert wrong["error"]["code"] == "unknown-token"


def test_the_machine_is_measured() -> None:
    machine = MachineSpec.model_validate(result("measure_machine"))
    assert machine.num_cores >= 1
    assert set(machine.matmul_gflops) >= {"cpu/fp32", "cpu/bf16"}
    assert all(rate > 0 for rate in machine.matmul_gflops.values())
    assert machine.copy_bytes_per_s > 0


@pytest.mark.parametrize("line", ["x", "[]", "{}", '{"op": 3}', '{"op": "catalog", "args": [1]}'])
def test_a_malformed_request_is_answered(line: str) -> None:
    found = answer(line)
    assert not found["ok"]
    assert found["error"]["type"] == "InvalidSpec"
