"""AdamW: each number has its own step size, from the history of its own gradient.

With gradient g, step t and learning rate a:

    m = b1 m + (1 - b1) g              running mean
    v = b2 v + (1 - b2) g^2            running mean of squares
    w = (1 - a d) w                    weight decay d, in the groups that decay (`_groups.py`)
    w = w - a (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)

Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization". All parameters go through each line
together (foreach), which is what makes it fast for many small tensors.
"""

import math
from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.train.optimizers._groups import DECAYED, Group, decayed_names
from glassworks.lm.train.optimizers.base import Named, Optimizer, OptimizerConfig


class AdamWConfig(OptimizerConfig):
    """Settings of AdamW."""

    kind: Literal["adamw"] = Field(
        default="adamw", description="Each number has its own step size."
    )
    learning_rate: float = Field(
        default=3e-3, gt=0, le=10, description="Largest step size; the schedule scales it down."
    )
    beta1: float = Field(
        default=0.9, ge=0, lt=1, description="How long the mean of gradients remembers."
    )
    beta2: float = Field(
        default=0.95, ge=0, lt=1, description="How long the mean of squared gradients remembers."
    )
    epsilon: float = Field(default=1e-10, gt=0, description="Keeps the division from exploding.")
    weight_decay: float = Field(
        default=0.1,
        ge=0,
        le=10,
        description="Pull to zero of the weights that decay, times the learning rate.",
    )
    decayed: tuple[Group, ...] = Field(
        default=DECAYED,
        description="Which weights decay: matrices, an untied head, embeddings, vectors (norms, biases).",
    )


class AdamW(Optimizer):
    """AdamW over all parameters."""

    Config = AdamWConfig

    def __init__(self, config: Any, parameters: Named, matmul_dtype: torch.dtype) -> None:
        super().__init__(config, parameters, matmul_dtype)
        self.names = list(parameters)
        self.remember("mean", self.names)
        self.remember("mean_square", self.names)

    def step(self, number: int, factor: float) -> None:
        config: AdamWConfig = self.config
        adamw_update(self, self.names, number, config, config.learning_rate * factor)


def adamw_update(
    optimizer: Optimizer, names: list[str], number: int, config: AdamWConfig, learning_rate: float
) -> None:
    """One AdamW step on the named parameters, whose memory `optimizer.state` holds; also used beside Muon."""
    if not names:
        return
    w = [optimizer.parameters[name] for name in names]
    g = [_gradient(parameter) for parameter in w]
    m = [optimizer.state["mean"][name] for name in names]
    v = [optimizer.state["mean_square"][name] for name in names]
    torch._foreach_lerp_(m, g, 1 - config.beta1)
    torch._foreach_mul_(v, config.beta2)
    torch._foreach_addcmul_(v, g, g, value=1 - config.beta2)
    decayed = decayed_names(optimizer.parameters, names, config.decayed)
    if config.weight_decay and decayed:
        pulled = [optimizer.parameters[name] for name in decayed]
        torch._foreach_mul_(pulled, 1 - learning_rate * config.weight_decay)
    denominator = torch._foreach_sqrt(v)
    torch._foreach_div_(denominator, math.sqrt(1 - config.beta2**number))
    torch._foreach_add_(denominator, config.epsilon)
    torch._foreach_addcdiv_(w, m, denominator, value=-learning_rate / (1 - config.beta1**number))


def _gradient(parameter: Tensor) -> Tensor:
    assert parameter.grad is not None, "step() was called before the gradients were there"
    return parameter.grad
