"""ALiBi: the farther back a key lies, the more is taken off its score.

Idea: nothing is added to the tokens; each head simply pays less attention to what is far, one head steeply (it sees the
last few words), another hardly (it sees the whole text). Models go on sensibly beyond the length that they were trained
with, because a distance never seen is only a larger distance.

Formula: score(t, s) = q[t] k[s] / sqrt(H) - m[n] (t - s);  m[n] = 2^(-8 n / N) for heads n = 1 ... N
Where N is no power of two, the heads beyond the power below it take every other slope of the next power.
Shapes: scores (N, Q, S) are added to; no weights.
Source: Press et al. 2022, "Train Short, Test Long: Attention with Linear Biases Enables Input Length Extrapolation".

Unusual: penalties are added in fp32 where scores are bf16; the fused kernel of a GPU takes them rounded.
Letters: N heads, Q queries, S keys, H numbers per head.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.model.position.base import Position, PositionConfig


class ALiBiConfig(PositionConfig):
    kind: Literal["alibi"] = Field(default="alibi", description="Scores fall with the distance.")

    def check_head_width(self, head_width: int) -> str:
        return ""


class ALiBi(Position):
    Config: ClassVar[type[PositionConfig]] = ALiBiConfig
    has_score_bias: ClassVar[bool] = True

    def __init__(self, config: ALiBiConfig, width: int, context: int, head_width: int) -> None:
        super().__init__()

    def score_bias(self, distance_QS: Tensor, num_heads: int) -> Tensor:
        slopes_N = torch.tensor(
            slopes(num_heads), dtype=distance_QS.dtype, device=distance_QS.device
        )
        return -slopes_N.view(-1, *[1] * distance_QS.ndim) * distance_QS


def slopes(num_heads: int) -> list[float]:
    """m of each head, the steepest first within each power of two."""
    power = 1 << (num_heads.bit_length() - 1)
    steps = [2.0 ** (-8 * n / power) for n in range(1, power + 1)]
    between = [2.0 ** (-8 * (n + 0.5) / power) for n in range(num_heads - power)]
    return steps + between


def score_bias_reference(distance: int, head: int, num_heads: int) -> float:
    """The formula for one score; a power of two of heads, counted from 0."""
    slope: float = 2.0 ** (-8 * (head + 1) / num_heads)
    return -slope * distance
