"""Estimates against figures worked out by hand, and memory against what a real step keeps."""

from math import prod
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from glassworks.lm.estimate import (
    cache_bytes_per_token,
    checkpoint_bytes,
    training_duration_s,
    training_flops_per_step,
    training_memory,
    utilization,
)
from glassworks.lm.estimate.table import ShapeTable
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.model.transformer import build_model
from glassworks.specs.machine import MachineSpec

MATMUL_FLOPS = 2 * (4 * (4 * 128 * 128 + 2 * 128 * 512) + 2048 * 128)
SCORE_FLOPS = (
    4 * 2 * 2 * 128 * 128
)  # layers, two products, multiply and add, keys, all heads' numbers


def first_model(**changes: Any) -> ShapeTable:
    """4 layers, 128 wide, 2 heads, context 128, 2,048 tokens."""
    return shape_table(parse_architecture({"vocab_size": 2048, **changes}))


def machine(gflops: float) -> MachineSpec:
    return MachineSpec(
        measured_at="2026-01-01T00:00:00.000000Z",
        hostname="bench",
        platform="linux",
        python="3.11",
        torch="2",
        processor="a processor",
        num_cores=2,
        memory_bytes=2**34,
        matmul_gflops={"cpu/fp32": gflops},
    )


def test_the_first_model_by_hand() -> None:
    table = first_model()
    assert table.num_parameters == 2 * 2048 * 128 + 4 * (4 * 128 * 128 + 2 * 128 * 512)
    assert table.flops_per_token == MATMUL_FLOPS + SCORE_FLOPS
    assert training_flops_per_step(table, 4096) == 3 * 4096 * (MATMUL_FLOPS + SCORE_FLOPS)
    assert checkpoint_bytes(table) == 4 * table.num_parameters
    assert cache_bytes_per_token(table, "bf16") == 4 * 2 * 128 * 2
    assert all(row.num_parameters == prod(row.shape) for row in table.rows if row.shape)


def test_sharing_key_heads_shrinks_the_cache() -> None:
    shared = first_model(attention={"heads": 2, "kv_heads": 1})
    assert shared.num_cached_per_token * 2 == first_model().num_cached_per_token


def test_time_follows_the_measured_rate() -> None:
    table = first_model()
    duration_s = training_duration_s(table, 1_000_000, machine(100.0), "cpu", "fp32", 0.5)
    assert duration_s == pytest.approx(3 * (MATMUL_FLOPS + SCORE_FLOPS) * 1e6 / 50e9)
    assert duration_s is not None
    assert utilization(table, 1e6 / duration_s, machine(100.0), "cpu", "fp32") == pytest.approx(0.5)


def test_what_was_not_measured_is_not_known() -> None:
    assert training_duration_s(first_model(), 1000, None, "cpu", "fp32") is None
    assert training_duration_s(first_model(), 1000, machine(0.0), "cpu", "fp32") is None
    assert training_duration_s(first_model(), 1000, machine(9.0), "cuda", "bf16") is None
    assert utilization(first_model(), 1000, machine(9.0), "cuda", "bf16") is None


def test_low_precision_keeps_masters() -> None:
    table = first_model()
    low, full = (training_memory(table, 128, dtype) for dtype in ("bf16", "fp32"))
    assert low.weights == 6 * table.num_parameters
    assert full.weights == 4 * table.num_parameters
    assert full.optimizer == low.optimizer == 8 * table.num_parameters
    assert full.saving == 4 * table.num_parameters + full.optimizer, "the copy that is written"
    parts = (full.weights, full.gradients, full.optimizer, full.activations, full.saving)
    assert full.total == sum(parts)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"width": 256, "attention": {"heads": 4, "kv_heads": 2}, "norm": {"has_weight": True}},
        {"layers": 6, "is_tied": True, "feed_forward": {"kind": "swiglu"}},
        {"context": 256, "attention": {"kind": "sliding_window", "has_qk_norm": False}},
        {"attention": {"kind": "multi_head", "heads": 4, "score_cap": 20.0}, "logit_cap": 30.0},
        {"position": {"kind": "alibi"}, "feed_forward": {"kind": "gelu"}, "is_parallel": True},
        {"position": {"kind": "learned"}, "norm": {"kind": "layer_norm"}},
        {"norm": {"kind": "layer_norm"}, "norm_placement": "post"},
        {"feed_forward": {"kind": "gelu", "form": "tanh", "has_bias": True}},
        {"feed_forward": {"kind": "mixture_of_experts"}},
        {"feed_forward": {"kind": "mixture_of_experts", "expert": "swiglu", "active": 1}},
    ],
)
def test_activations_are_within_a_fifth_of_what_is_kept(document: dict[str, Any]) -> None:
    architecture = parse_architecture({"vocab_size": 500, **document})
    kept = kept_bytes(build_model(architecture), torch.zeros(2, architecture.context).long())
    guess = training_memory(shape_table(architecture), 2 * architecture.context, "fp32").activations
    assert guess == pytest.approx(kept, rel=0.2)


def kept_bytes(model: torch.nn.Module, ids_BT: Tensor) -> int:
    """Bytes that autograd really keeps between forward and backward, weights left out."""
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        if (address := tensor.untyped_storage().data_ptr()) not in weights:
            kept[address] = tensor  # held, so that the address is not used again
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        cross_entropy(model(ids_BT).flatten(0, 1), ids_BT.flatten())
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
