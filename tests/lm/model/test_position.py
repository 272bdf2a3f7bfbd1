"""Positions: each fast form equals its formula, from any start; rotary scores and ALiBi depend on distance alone."""

import pytest
import torch

from glassworks.lm.model.position import learned, sinusoidal
from glassworks.lm.model.position.alibi import ALiBi, ALiBiConfig, score_bias_reference, slopes
from glassworks.lm.model.position.learned import Learned, LearnedConfig
from glassworks.lm.model.position.rotary import Rotary, RotaryConfig, rotate_reference
from glassworks.lm.model.position.sinusoidal import Sinusoidal, SinusoidalConfig

HEAD_WIDTH = 6


def rotary(context: int = 20) -> Rotary:
    return Rotary(RotaryConfig(theta=100.0), width=12, context=context, head_width=HEAD_WIDTH)


def test_the_table_form_equals_the_formula() -> None:
    x_BTNH = torch.randn(2, 5, 3, HEAD_WIDTH, generator=torch.Generator().manual_seed(1))
    for start in (0, 7):
        expected = rotate_reference(x_BTNH, start, theta=100.0)
        torch.testing.assert_close(rotary().rotate(x_BTNH, start), expected)


def test_a_score_depends_on_the_distance_alone() -> None:
    generator = torch.Generator().manual_seed(2)
    q, k = (torch.randn(1, 1, 1, HEAD_WIDTH, generator=generator) for _ in range(2))

    def score(query_at: int, key_at: int) -> torch.Tensor:
        return (rotary().rotate(q, query_at) * rotary().rotate(k, key_at)).sum()

    torch.testing.assert_close(score(4, 1), score(14, 11))
    assert not torch.isclose(score(4, 1), score(4, 2))


def test_the_first_position_is_not_turned() -> None:
    x_BTNH = torch.ones(1, 1, 1, HEAD_WIDTH)
    assert torch.equal(rotary().rotate(x_BTNH, 0), x_BTNH)


@pytest.mark.parametrize("start", [0, 7])
def test_learned_places_equal_the_formula(start: int) -> None:
    places = Learned(LearnedConfig(), width=6, context=12, head_width=3)
    places.initialize(torch.Generator().manual_seed(1), 0.5)
    assert float(places.weight.detach().std()) == pytest.approx(0.5, rel=0.3)
    x_BTD = torch.randn(2, 5, 6, generator=torch.Generator().manual_seed(2))
    expected = learned.embed_reference(x_BTD, start, places.weight)
    assert torch.equal(places.embed(x_BTD, start), expected)


@pytest.mark.parametrize("width", [6, 5])
@pytest.mark.parametrize("has_weight", [False, True])
def test_waves_equal_the_formula(width: int, has_weight: bool) -> None:
    config = SinusoidalConfig(theta=50.0, has_weight=has_weight)
    waves = Sinusoidal(config, width, context=12, head_width=3)
    waves.initialize(torch.Generator(), 0.5)
    weight = 0.5 * 2**0.5 if has_weight else 1.0
    x_BTD = torch.randn(2, 5, width, generator=torch.Generator().manual_seed(2))
    expected = sinusoidal.embed_reference(x_BTD, 7, 50.0, weight)
    torch.testing.assert_close(waves.embed(x_BTD, 7), expected)


def test_slopes_are_those_of_the_paper() -> None:
    assert slopes(8) == [1 / 2**n for n in range(1, 9)]
    assert slopes(2) == [1 / 16, 1 / 256]
    assert slopes(6) == [*slopes(4), 2**-1.0, 2**-3.0]  # every other one of eight


def test_penalties_equal_the_formula() -> None:
    distance_QS = torch.arange(12.0).view(3, 4)
    found_NQS = ALiBi(ALiBiConfig(), 8, 12, 4).score_bias(distance_QS, 4)
    assert found_NQS.shape == (4, 3, 4)
    for n in range(4):
        for at, distance in enumerate(distance_QS.flatten().tolist()):
            expected = score_bias_reference(int(distance), n, 4)
            assert float(found_NQS[n].flatten()[at]) == pytest.approx(expected)
