"""The fast forms of attention equal the plain one, whatever hides keys: the future, a window, a document's border."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from glassworks.lm.model.attention import ATTENTIONS, _attend
from glassworks.lm.model.attention._attend import (
    attend,
    attend_fused,
    attend_plain,
    attend_reference,
    num_pairs,
    plan_blocks,
)
from glassworks.lm.model.forward import ForwardPass, ScoreBias
from glassworks.lm.model.norm.rms_norm import RMSNorm, RMSNormConfig
from glassworks.lm.model.position.none import NoPosition, NoPositionConfig

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
@pytest.mark.parametrize("has_score_bias", [False, True])
def test_the_fast_forms_equal_the_formula(
    form: Callable[..., Tensor],
    num_kv_heads: int,
    start: int,
    window: int | None,
    has_segments: bool,
    has_score_bias: bool,
) -> None:
    q, k, v = random_heads(4, num_kv_heads, start)
    segments = torch.tensor([[0] * 4 + [1] * 8, [0, 1] + [2] * 5 + [3] * 5])[:, : k.shape[2]]
    bias = falls_with_distance if has_score_bias else None
    scope = ForwardPass(NUM_QUERIES, start, segments if has_segments else None, bias)

    expected = attend_reference(q, k, v, scope, window)

    torch.testing.assert_close(form(q, k, v, scope, window), expected)


def falls_with_distance(distance_QS: Tensor, num_heads: int) -> Tensor:
    """A bias of another slope for each head, as a position component may have one."""
    slopes_N = torch.arange(1, num_heads + 1).to(distance_QS)
    return -0.2 * slopes_N.view(-1, *[1] * distance_QS.ndim) * distance_QS


@pytest.mark.parametrize("start", [0, 5])
@pytest.mark.parametrize("bias", [None, falls_with_distance])
def test_capped_scores_equal_the_formula(start: int, bias: ScoreBias | None) -> None:
    q, k, v = random_heads(4, 2, start)
    scope = ForwardPass(NUM_QUERIES, start, None, bias)
    expected = attend_reference(q, k, v, scope, None, cap=0.5)
    torch.testing.assert_close(attend(q, k, v, scope, None, cap=0.5), expected)
    uncapped = attend(q, k, v, scope, None)
    assert not torch.allclose(expected, uncapped)
    torch.testing.assert_close(attend(q, k, v, scope, None, cap=1e4), uncapped)


@pytest.mark.parametrize("kind", ATTENTIONS.names())
def test_the_projections_split_into_heads(kind: str) -> None:
    """A whole attention of one head is what its matrices say, written out."""
    config = ATTENTIONS.load(kind).Config.model_validate({"heads": 1, "has_qk_norm": False})
    module = ATTENTIONS.load(kind)(config, 8, lambda width: RMSNorm(RMSNormConfig(), width))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(generator=torch.Generator().manual_seed(parameter.numel()))
        x_BTD = torch.randn(1, 5, 8, generator=torch.Generator().manual_seed(2))
        position = NoPosition(NoPositionConfig(), 8, 5, 8)
        found = module(x_BTD, position, ForwardPass(5), None)
        weights = module.state_dict()
        q, k, v = (x_BTD @ weights[f"{name}.weight"].T for name in "qkv")
        scores_BTS = q @ k.mT / 8**0.5 + torch.full((5, 5), float("-inf")).triu(1)
        expected = scores_BTS.softmax(-1) @ v @ weights["o.weight"].T
    torch.testing.assert_close(found, expected)


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
