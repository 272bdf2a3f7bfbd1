"""The whole model: exact starts, equal bits, causality, cache and document borders."""

import math
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from glassworks.common.errors import LimitReached
from glassworks.lm.model.transformer import build_model, expected_first_loss
from tests.lm.model.tiny import VOCAB_SIZE, shaken_model, some_ids, tiny_architecture


def test_equal_seeds_give_equal_bits_and_no_other_stream_moves() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = build_model(tiny_architecture(), seed=1).state_dict()
    torch.rand(3)
    second = build_model(tiny_architecture(), seed=1).state_dict()
    other = build_model(tiny_architecture(), seed=2).state_dict()

    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["embedding.weight"], other["embedding.weight"])
    torch.manual_seed(5)
    build_model(tiny_architecture())
    assert torch.equal(torch.get_rng_state(), before)


def test_the_first_loss_is_that_of_a_uniform_guess() -> None:
    ids_BT = some_ids(4, 12)
    logits_BTV = build_model(tiny_architecture())(ids_BT)
    loss = cross_entropy(logits_BTV.flatten(0, 1), ids_BT.flatten())
    assert loss.item() == pytest.approx(math.log(VOCAB_SIZE), abs=1e-6)


@pytest.mark.parametrize(
    "settings",
    [
        {"position": {"kind": "rotary"}},
        {"position": {"kind": "alibi"}},
        {"position": {"kind": "learned"}},
        {"position": {"kind": "sinusoidal"}},
        {"norm": {"kind": "layer_norm"}, "norm_placement": "post"},
        {"logit_cap": 5.0},
        {"is_tied": False},
    ],
    ids=str,
)
def test_the_first_loss_is_expected(settings: dict[str, Any]) -> None:
    shape = {"vocab_size": 2000, "width": 512, "context": 32, "attention": {"heads": 8}}
    architecture = tiny_architecture(**{"is_tied": True, **shape, **settings})
    ids_BT = torch.randint(0, 2000, (32, 32), generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        logits_BTV = build_model(architecture)(ids_BT)[:, :-1]
    loss = cross_entropy(logits_BTV.flatten(0, 1), ids_BT[:, 1:].flatten())
    assert expected_first_loss(architecture) == pytest.approx(loss.item(), rel=0.015)


def test_a_tied_head_is_the_embedding() -> None:
    tied = build_model(tiny_architecture(is_tied=True))
    untied = build_model(tiny_architecture())
    assert "head.weight" not in tied.state_dict()
    assert untied.num_parameters - tied.num_parameters == VOCAB_SIZE * 8


def test_a_step_gives_equal_bits_every_time() -> None:
    def gradients() -> list[torch.Tensor]:
        model = shaken_model(tiny_architecture())
        model(some_ids(3, 12)).square().mean().backward()
        return [p.grad for p in model.parameters() if p.grad is not None]

    first, second = gradients(), gradients()
    assert len(first) == len(list(build_model(tiny_architecture()).parameters()))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@torch.no_grad()
def test_the_cache_can_be_rewound_and_its_rows_chosen() -> None:
    model, ids_BT = shaken_model(tiny_architecture()), some_ids(2, 10)
    cache = model.new_cache(num_rows=2)
    model(ids_BT, cache)
    cache.truncate(6)
    chosen = cache.select_rows(torch.tensor([1, 1, 0]))
    logits_BTV = model(ids_BT[[1, 1, 0], 6:], chosen)

    torch.testing.assert_close(logits_BTV, model(ids_BT)[[1, 1, 0], 6:])
    assert (cache.length, chosen.length) == (6, 10)
    assert cache.num_bytes == 2 * 2 * 12 * 2 * 8 * 4  # layers, rows, positions, keys + values, fp32


@torch.no_grad()
def test_segments_keep_documents_apart() -> None:
    model = shaken_model(tiny_architecture())
    ids_BT = some_ids(1, 12)
    changed_BT = ids_BT.clone()
    changed_BT[:, :5] = (ids_BT[:, :5] + 1) % VOCAB_SIZE
    segments_BS = torch.tensor([[0] * 5 + [1] * 7])

    same = model(ids_BT, segments_BS=segments_BS)[:, 5:]
    assert torch.equal(same, model(changed_BT, segments_BS=segments_BS)[:, 5:])
    assert not torch.equal(model(ids_BT)[:, 5:], model(changed_BT)[:, 5:])


@torch.no_grad()
def test_more_than_the_context_is_refused() -> None:
    model = shaken_model(tiny_architecture())
    with pytest.raises(LimitReached, match="13 tokens; the model looks at most at 12"):
        model(some_ids(1, 13))
    cache = model.new_cache()
    model(some_ids(1, 12), cache)
    with pytest.raises(LimitReached, match="holds 12 of 12 positions; 1 more"):
        model(some_ids(1, 1), cache)


@torch.no_grad()
def test_bf16_is_near_fp32() -> None:
    model, ids_BT = build_model(tiny_architecture(is_tied=True)), some_ids(2, 12)
    exact_BTV = model(ids_BT)
    rough_BTV = model.to(torch.bfloat16)(ids_BT)
    assert rough_BTV.dtype == torch.bfloat16
    torch.testing.assert_close(rough_BTV.float(), exact_BTV, atol=0.01, rtol=0.05)
