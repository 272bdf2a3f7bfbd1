"""What every exchangeable part of the model has in common.

A component is one file in `attention/`, `position/`, `norm/` or `feed_forward/`: its idea, formula, shapes and source at
the head, a frozen `Config` whose `kind` is the file's name, and one `nn.Module`. The config does the arithmetic that
needs no tensors (checks, shape rows); the module does the work. A new file is enough to be choosable everywhere.
"""

import torch
from torch import Tensor, nn

from glassworks.common.errors import InvalidSpec
from glassworks.specs.base import Config


class ComponentConfig(Config):
    """Settings of one component; each sets `kind` to its file's name."""

    kind: str = ""


class Linear(nn.Module):
    """y = W x, or W x + b. Unlike `nn.Linear` it is built empty: `initialize` fills it from a generator."""

    def __init__(self, num_in: int, num_out: int, has_bias: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_out, num_in))
        self.bias = nn.Parameter(torch.empty(num_out)) if has_bias else None

    def forward(self, x_BTD: Tensor) -> Tensor:
        return nn.functional.linear(x_BTD, self.weight, self.bias)


def fill_normal(weight: Tensor, std: float, generator: torch.Generator) -> None:
    """Draw `weight` from a normal distribution, in fp32 whatever its dtype, so that dtypes share one start."""
    with torch.no_grad():
        weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float32) * std)


def fill_linear(linear: Linear, generator: torch.Generator) -> None:
    """Standard deviation 1/sqrt(inputs): an input of size 1 gives an output of size 1. A bias starts at zero."""
    fill_normal(linear.weight, linear.weight.shape[1] ** -0.5, generator)
    if linear.bias is not None:
        nn.init.zeros_(linear.bias)


def fill_zeros(linear: Linear) -> None:
    """A projection back into the residual stream starts at zero: each layer begins as the identity."""
    nn.init.zeros_(linear.weight)
    if linear.bias is not None:
        nn.init.zeros_(linear.bias)


def at_least_fp32(dtype: torch.dtype) -> torch.dtype:
    """fp32 for the half precisions, the dtype itself otherwise (float64 stays exact in gradient checks)."""
    return torch.promote_types(dtype, torch.float32)


def soft_cap(x: Tensor, cap: float | None) -> Tensor:
    """cap tanh(x / cap): nearly x while it is small, never beyond the cap. None: x itself. Source: Gemma Team 2024."""
    return x if cap is None else torch.tanh(x / cap) * cap


def impossible(message: str, hint: str, where: str) -> InvalidSpec:
    """An architecture that cannot be built; the hint says what to change."""
    return InvalidSpec("impossible-architecture", message, hint, where)


def divisors(number: int) -> list[int]:
    return [n for n in range(1, number + 1) if number % n == 0]


def nearest(choices: list[int], wanted: int, num: int = 4) -> str:
    """The few choices nearest to what was wanted, in words: `4, 5 or 10`."""
    near = sorted(sorted(choices, key=lambda n: (abs(n - wanted), n))[:num])
    words = [str(n) for n in near]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
