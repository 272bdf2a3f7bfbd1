"""Feed-forward parts: the fast form equals the formula."""

import pytest
import torch
from torch.nn.functional import gelu

from glassworks.lm.model.feed_forward.gelu import GELU, Form, GELUConfig, gelu_reference
from glassworks.lm.model.forward import ForwardPass


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
