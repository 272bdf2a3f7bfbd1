"""RMSNorm: divide by the root of the mean square.

Idea: the direction of a vector carries the meaning, its length only makes training harder. Dividing by the length keeps
every part's input at one scale. LayerNorm's subtraction of the mean is left out; nothing is lost and it is cheaper.

Formula: y = x / sqrt(mean(x^2) + eps) * weight
Shapes: x (..., width) -> y (..., width); weight (width), or none.
Source: Zhang & Sennrich 2019, "Root Mean Square Layer Normalization".

Unusual: the fast form writes its own backward pass. With r = 1 / sqrt(mean(x^2) + eps) and y = x r,
    dx = r * (dy - y * mean(dy * y)),
which needs only y and r; PyTorch's own form keeps more and takes two to four times as long on a CPU. Without a gradient, for
the few positions of writing, the number of operations is what counts: LayerNorm of x beside -x, whose mean is 0, is RMSNorm
of x, and PyTorch has it as one. Means are summed in fp32 whatever the dtype of x, and nothing else leaves that dtype: copies
in another one would cost more than the arithmetic.
"""

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow, product, vector
from glassworks.lm.model.component import at_least_fp32
from glassworks.lm.model.norm.base import Norm, NormConfig


class RMSNormConfig(NormConfig):
    kind: Literal["rms_norm"] = Field(default="rms_norm", description="Root-mean-square norm.")
    eps: float = Field(
        default=1e-6, gt=0.0, le=0.1, description="Added below the root, against division by zero."
    )
    has_weight: bool = Field(
        default=False, description="Learn a scale for each of the width's numbers."
    )

    def shapes(self, part: str, width: int, copies: int = 1) -> list[ShapeRow]:
        num_kept = width * copies
        if self.has_weight:
            return [vector("weight", part, width, num_kept=2 * num_kept)]
        return [product("norm", part, 0.0, num_kept=num_kept)]


class RMSNorm(Norm):
    Config: ClassVar[type[NormConfig]] = RMSNormConfig

    def __init__(self, config: RMSNormConfig, width: int) -> None:
        super().__init__()
        self.eps = config.eps
        self.weight = nn.Parameter(torch.empty(width)) if config.has_weight else None

    def initialize(self, generator: torch.Generator) -> None:
        if self.weight is not None:
            nn.init.ones_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        if torch.is_grad_enabled():
            y: Tensor = _Normalize.apply(x, self.eps)  # type: ignore[no-untyped-call]
        else:
            y = normalize_at_once(x, self.eps)
        return y if self.weight is None else y * self.weight


def normalize_at_once(x: Tensor, eps: float) -> Tensor:
    """x / sqrt(mean(x^2) + eps), by way of PyTorch's LayerNorm."""
    width = x.shape[-1]
    return torch.layer_norm(torch.cat((x, -x), -1), (2 * width,), eps=eps).narrow(-1, 0, width)


class _Normalize(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, eps: float) -> Tensor:
        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=at_least_fp32(x.dtype))
        inverse_rms = torch.rsqrt(length.square() / x.shape[-1] + eps).to(x.dtype)
        y = x * inverse_rms
        ctx.save_for_backward(y, inverse_rms)
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        y, inverse_rms = ctx.saved_tensors
        grad = gradients[0]
        total = (grad * y).sum(-1, keepdim=True, dtype=at_least_fp32(y.dtype))
        mean = (total / y.shape[-1]).to(y.dtype)
        return torch.addcmul(grad, y, mean, value=-1).mul_(inverse_rms), None


def rms_norm_reference(x: Tensor, eps: float, weight: Tensor | None = None) -> Tensor:
    """The formula as it stands, with the gradient left to PyTorch."""
    y = x / torch.sqrt(x.square().mean(-1, keepdim=True) + eps)
    return y if weight is None else y * weight
