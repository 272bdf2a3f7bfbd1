"""Feed-forward parts: the fast form equals the formula; a mixture asks who suits, and is refused where it cannot."""

from typing import Any

import pytest
import torch
from torch.nn.functional import gelu

from glassworks.lm.model.feed_forward import mixture_of_experts
from glassworks.lm.model.feed_forward.gelu import GELU, Form, GELUConfig, gelu_reference
from glassworks.lm.model.feed_forward.mixture_of_experts import (
    ROUND_ROWS,
    MixtureOfExperts,
    MixtureOfExpertsConfig,
    balance,
    mixture_reference,
)
from glassworks.lm.model.forward import ForwardPass, Wish
from glassworks.lm.model.shapes import shape_table
from tests.lm.model.tiny import tiny_architecture


@pytest.mark.parametrize("form", ["exact", "tanh"])
def test_gelu_equals_the_formula(form: Form) -> None:
    part = GELU(GELUConfig(form=form, hidden=5, has_bias=True), 3)
    generator = torch.Generator().manual_seed(1)
    for parameter in part.parameters():
        torch.nn.init.normal_(parameter, generator=generator)
    x_BTD = 2 * torch.randn(2, 4, 3, generator=generator)

    hidden_BTF = gelu_reference(part.up(x_BTD), form)

    torch.testing.assert_close(part(x_BTD, ForwardPass(4)), part.down(hidden_BTF))


def test_the_two_forms_are_near_and_not_equal() -> None:
    z = torch.linspace(-4, 4, 81)
    exact, tanh = gelu_reference(z, "exact"), gelu_reference(z, "tanh")
    assert 1e-5 < float((exact - tanh).abs().max()) < 1e-3
    torch.testing.assert_close(exact, gelu(z))


def mixture(**settings: Any) -> MixtureOfExperts:
    config = MixtureOfExpertsConfig.model_validate({"experts": 5, "hidden": 6, **settings})
    part = MixtureOfExperts(config, 4)
    generator = torch.Generator().manual_seed(1)
    for parameter in part.parameters():
        torch.nn.init.normal_(parameter, generator=generator)
    return part


def some_stream(num_rows: int = 2, num_positions: int = 9) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return torch.randn(num_rows, num_positions, 4, generator=generator)


@pytest.mark.parametrize("expert", ["gelu", "squared_relu", "swiglu"])
@pytest.mark.parametrize("active", [1, 2, 5])
def test_a_mixture_equals_the_formula_forward_and_backward(expert: str, active: int) -> None:
    part = mixture(expert=expert, active=active, has_bias=True)
    x_BTD = some_stream().requires_grad_()
    scope = ForwardPass(9)
    found, expected = part(x_BTD, scope), mixture_reference(part, x_BTD, scope)

    torch.testing.assert_close(found, expected)
    leaves = [x_BTD, *part.parameters()]
    torch.testing.assert_close(
        torch.autograd.grad(found.square().sum(), leaves, allow_unused=True),
        torch.autograd.grad(expected.square().sum(), leaves, materialize_grads=True),
        rtol=1e-4,
        atol=1e-4,
    )


def test_all_experts_together_need_no_router_to_choose() -> None:
    """With every expert active the shares are those of all, so the gradient is exact everywhere."""
    part = mixture(active=5).double()
    x_BTD = some_stream(1, 3).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda x_BTD: part(x_BTD, ForwardPass(3)), (x_BTD,))


def test_an_expert_that_nobody_asks_has_a_gradient_of_zero() -> None:
    part = mixture(active=1)
    with torch.no_grad():
        part.router.weight.zero_()
        part.router.weight[2] = 1.0
    x_BTD = some_stream().abs()
    part(x_BTD, ForwardPass(9)).sum().backward()
    gradients = {n: p.grad for n, p in part.named_parameters() if n.startswith("experts.")}
    asked = {n.split(".")[1] for n, g in gradients.items() if g is not None and g.abs().sum() > 0}
    assert asked == {"2"}
    assert all(gradient is not None for gradient in gradients.values())


def test_balance_is_one_when_all_are_asked_alike_and_their_number_when_one_is() -> None:
    even_BTE = torch.full((1, 4, 4), 0.25)
    chosen_BTK = torch.arange(4).view(1, 4, 1)
    assert balance(even_BTE, chosen_BTK).tolist() == [1.0]
    one_BTE = torch.zeros(1, 4, 4)
    one_BTE[..., 3] = 1.0
    assert balance(one_BTE, torch.full((1, 4, 1), 3)).tolist() == [4.0]


def test_the_balance_is_left_only_where_somebody_listens_row_by_row() -> None:
    part, x_BTD = mixture(balance_weight=0.5), some_stream()
    heard: list[Wish] = []
    silent = part(x_BTD, ForwardPass(9))
    assert torch.equal(part(x_BTD, ForwardPass(9, wishes=heard)), silent)
    (wish,) = heard
    assert (wish.metric, wish.weight, wish.loss_B.shape) == ("balance_loss", 0.5, (2,))
    alone: list[Wish] = []
    part(x_BTD[1:], ForwardPass(9, wishes=alone))
    torch.testing.assert_close(alone[0].loss_B[0], wish.loss_B[1])


def test_in_half_precision_experts_compute_round_numbers_of_positions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part, x_BTD = mixture(active=2, has_bias=True).bfloat16(), some_stream().bfloat16()
    rows: list[int] = []
    for expert in part.experts:
        expert.register_forward_pre_hook(lambda _, args: rows.append(len(args[0])))
    found = part(x_BTD, ForwardPass(x_BTD.shape[1]))
    assert len(rows) == 5 and {number % ROUND_ROWS for number in rows} == {0} and sum(rows) > 0
    monkeypatch.setattr(mixture_of_experts, "ROUND_ROWS", 1)
    torch.testing.assert_close(part(x_BTD, ForwardPass(x_BTD.shape[1])), found)
    assert sum(rows[5:]) == 2 * x_BTD.shape[0] * x_BTD.shape[1]


def test_a_half_precision_router_decides_in_fp32() -> None:
    part = mixture().to(torch.bfloat16)
    shares_BTE, gates_BTK, _ = part.route(some_stream().to(torch.bfloat16))
    assert shares_BTE.dtype == gates_BTK.dtype == torch.float32
    assert part(some_stream().to(torch.bfloat16), ForwardPass(9)).dtype == torch.bfloat16


def test_the_table_tells_active_from_stored() -> None:
    few = {"kind": "mixture_of_experts", "experts": 8, "active": 2, "hidden": 32}
    table = shape_table(tiny_architecture(feed_forward=few))
    dense = shape_table(tiny_architecture(feed_forward={"kind": "squared_relu", "hidden": 64}))
    routers = 2 * 8 * 8
    assert table.num_parameters == dense.num_parameters + routers + 2 * 6 * 2 * 8 * 32
    assert table.num_active_parameters == dense.num_parameters + routers
    assert table.flops_per_token == dense.flops_per_token + 2 * routers
    assert dense.num_active_parameters == dense.num_parameters
