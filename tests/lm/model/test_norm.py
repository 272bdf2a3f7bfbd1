"""Norms: the fast form equals the formula, forward and backward, and keeps its mean in fp32."""

import pytest
import torch

from glassworks.lm.model.norm.layer_norm import LayerNorm, LayerNormConfig, layer_norm_reference
from glassworks.lm.model.norm.rms_norm import RMSNorm, RMSNormConfig, rms_norm_reference


@pytest.mark.parametrize("has_weight", [False, True])
def test_the_fast_form_equals_the_formula(has_weight: bool) -> None:
    norm = RMSNorm(RMSNormConfig(eps=0.01, has_weight=has_weight), 6)
    generator = torch.Generator().manual_seed(1)
    if norm.weight is not None:
        torch.nn.init.uniform_(norm.weight, generator=generator)
    x = torch.randn(2, 3, 6, generator=generator, requires_grad=True)
    wanted = torch.randn(2, 3, 6, generator=generator)

    expected = rms_norm_reference(x, 0.01, norm.weight)
    found = norm(x)

    torch.testing.assert_close(found, expected)
    with torch.no_grad():
        torch.testing.assert_close(norm(x), expected)
    leaves = [x] if norm.weight is None else [x, norm.weight]
    torch.testing.assert_close(
        torch.autograd.grad(found, leaves, wanted), torch.autograd.grad(expected, leaves, wanted)
    )


def test_bf16_takes_its_mean_in_fp32() -> None:
    norm = RMSNorm(RMSNormConfig(), 4096)
    x = torch.full((1, 4096), 3.0, dtype=torch.bfloat16)
    assert torch.equal(norm(x), torch.ones_like(x))
    with torch.no_grad():
        assert torch.equal(norm(x), torch.ones_like(x))


@pytest.mark.parametrize("has_weight", [False, True])
@pytest.mark.parametrize("has_bias", [False, True])
def test_layer_norm_equals_the_formula(has_weight: bool, has_bias: bool) -> None:
    norm = LayerNorm(LayerNormConfig(eps=0.01, has_weight=has_weight, has_bias=has_bias), 6)
    generator = torch.Generator().manual_seed(1)
    for parameter in norm.parameters():
        torch.nn.init.uniform_(parameter, generator=generator)
    x = torch.randn(2, 3, 6, generator=generator, requires_grad=True)
    wanted = torch.randn(2, 3, 6, generator=generator)

    expected = layer_norm_reference(x, 0.01, norm.weight, norm.bias)
    found = norm(x)

    torch.testing.assert_close(found, expected)
    leaves = [x, *norm.parameters()]
    torch.testing.assert_close(
        torch.autograd.grad(found, leaves, wanted), torch.autograd.grad(expected, leaves, wanted)
    )


def test_layer_norm_takes_its_mean_in_fp32_too() -> None:
    norm = LayerNorm(LayerNormConfig(has_weight=False, has_bias=False), 4096)
    x = torch.full((1, 4096), 300.0, dtype=torch.bfloat16)
    x[:, ::2] = 302.0
    assert torch.allclose(norm(x).abs().float(), torch.ones(1), atol=0.01)
