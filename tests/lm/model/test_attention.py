"""The fast forms of attention equal the plain one, whatever hides keys: the future, a window, a document's border."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from glassworks.lm.model.attention import _attend
from glassworks.lm.model.attention._attend import (
    attend_fused,
    attend_plain,
    attend_reference,
    num_pairs,
    plan_blocks,
)
from glassworks.lm.model.forward import ForwardPass

NUM_ROWS, NUM_QUERIES, HEAD_WIDTH = 2, 7, 4


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 3 queries, so that 7 queries need three blocks, the last one short."""
    monkeypatch.setattr(_attend, "BLOCK", 3)


@pytest.mark.parametrize("form", [attend_plain, attend_fused])
@pytest.mark.parametrize("num_kv_heads", [4, 2, 1])
@pytest.mark.parametrize("start", [0, 5])
@pytest.mark.parametrize("window", [None, 1, 4])
@pytest.mark.parametrize("has_segments", [False, True])
def test_the_fast_forms_equal_the_formula(
    form: Callable[..., Tensor],
    num_kv_heads: int,
    start: int,
    window: int | None,
    has_segments: bool,
) -> None:
    q, k, v = random_heads(4, num_kv_heads, start)
    segments = torch.tensor([[0] * 4 + [1] * 8, [0, 1] + [2] * 5 + [3] * 5])[:, : k.shape[2]]
    scope = ForwardPass(NUM_QUERIES, start, segments if has_segments else None)

    expected = attend_reference(q, k, v, scope, window)

    torch.testing.assert_close(form(q, k, v, scope, window), expected)


def test_blocks_leave_the_future_out() -> None:
    assert plan_blocks(7, 0, None) == [((0, 3), (0, 3)), ((3, 6), (0, 6)), ((6, 7), (0, 7))]
    assert plan_blocks(4, 5, 2) == [((5, 8), (4, 8)), ((8, 9), (7, 9))]
    assert num_pairs(7, None) == 3 * 3 + 3 * 6 + 1 * 7


def test_equal_bits_every_time() -> None:
    q, k, v = random_heads(4, 2, 0)
    scope = ForwardPass(NUM_QUERIES)
    assert torch.equal(attend_plain(q, k, v, scope, None), attend_plain(q, k, v, scope, None))


def random_heads(num_heads: int, num_kv_heads: int, start: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    num_keys = start + NUM_QUERIES

    def draw(heads: int, positions: int) -> Tensor:
        return torch.randn(NUM_ROWS, heads, positions, HEAD_WIDTH, generator=generator)

    return draw(num_heads, NUM_QUERIES), draw(num_kv_heads, num_keys), draw(num_kv_heads, num_keys)
