"""Rotary positions: turn each query and key by an angle that grows with its position.

Idea: split a head's numbers into pairs and see each pair as a point in the plane. Turning the query at position m and the
key at position n by their own positions leaves a dot product that depends on m - n alone, so attention sees distances.
Low pairs turn fast and tell neighbors apart, high pairs turn slowly and tell far places apart.

Formula: pair i = (x[i], x[i + H/2]), angle a = position * theta^(-2i/H):
    (x[i], x[i + H/2]) -> (x[i] cos a - x[i + H/2] sin a,  x[i + H/2] cos a + x[i] sin a)
Shapes: x_BTNH in and out; tables of cosines and sines (context, 1, H). No weights.
Source: Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding". The halves are paired as in the
published weights of the Llama family, not neighbor with neighbor as in the paper: the same function of permuted weights.
Letters: B rows, T positions, N heads, H numbers per head.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.model.position.base import Position, PositionConfig


class RotaryConfig(PositionConfig):
    kind: Literal["rotary"] = Field(default="rotary", description="Rotary positions.")
    theta: float = Field(
        default=10_000.0,
        gt=1.0,
        le=1e9,
        description="Base of the angles: larger turns slower and tells farther places apart.",
    )

    def check_head_width(self, head_width: int) -> str:
        return "rotary positions need an even number" if head_width % 2 else ""


class Rotary(Position):
    Config: ClassVar[type[PositionConfig]] = RotaryConfig
    cos_T1H: Tensor
    sin_T1H: Tensor

    def __init__(self, config: RotaryConfig, width: int, context: int, head_width: int) -> None:
        super().__init__()
        exponents = torch.arange(0, head_width, 2, dtype=torch.float32, device="cpu") / head_width
        positions = torch.arange(context, dtype=torch.float32, device="cpu")
        angles_TP = positions[:, None] * (1.0 / config.theta**exponents)[None, :]
        cos, sin = angles_TP.cos(), angles_TP.sin()
        # the sign of the sine is folded into the table, so that one multiply does both halves
        cos_T1H = torch.cat([cos, cos], -1)[:, None]
        sin_T1H = torch.cat([-sin, sin], -1)[:, None]
        self.register_buffer("cos_T1H", cos_T1H, persistent=False)
        self.register_buffer("sin_T1H", sin_T1H, persistent=False)

    def rotate(self, x_BTNH: Tensor, start: int) -> Tensor:
        end = start + x_BTNH.shape[1]
        swapped_BTNH = x_BTNH.reshape(*x_BTNH.shape[:-1], 2, -1).flip(-2).flatten(-2)
        return torch.addcmul(
            x_BTNH * self.cos_T1H[start:end], swapped_BTNH, self.sin_T1H[start:end]
        )


def rotate_reference(x_BTNH: Tensor, start: int, theta: float) -> Tensor:
    """The formula, pair by pair: complex numbers turned on the plane. Slow, plain, and equal."""
    num_pairs = x_BTNH.shape[-1] // 2
    turned = x_BTNH.clone()
    for t in range(x_BTNH.shape[1]):
        for i in range(num_pairs):
            angle = torch.tensor((start + t) * theta ** (-i / num_pairs))
            point = torch.complex(x_BTNH[:, t, :, i], x_BTNH[:, t, :, i + num_pairs])
            point = point * torch.polar(torch.tensor(1.0), angle)
            turned[:, t, :, i] = point.real
            turned[:, t, :, i + num_pairs] = point.imag
    return turned
