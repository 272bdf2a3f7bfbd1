"""Rotary positions: the table form equals the formula, and scores depend on distance alone."""

import torch

from glassworks.lm.model.position.rotary import Rotary, RotaryConfig, rotate_reference

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
