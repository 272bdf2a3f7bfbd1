"""AdamW: each number has its own step size, from the history of its own gradient.

With gradient g, step t and learning rate a:

    m = b1 m + (1 - b1) g              running mean
    v = b2 v + (1 - b2) g^2            running mean of squares
    w = (1 - a d) w                    weight decay d, in the groups that decay (`_groups.py`)
    w = w - a (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)

Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization". PyTorch's fused form does
all lines in one pass over memory, which is what takes the time.
"""

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
    decayed = decayed_names(optimizer.parameters, names, config.decayed)
    others = [name for name in names if name not in set(decayed)]
    for group, decay in ((decayed, config.weight_decay), (others, 0.0)):
        _step_together(optimizer, group, number, config, learning_rate, decay)


def _step_together(
    optimizer: Optimizer,
    names: list[str],
    number: int,
    config: AdamWConfig,
    learning_rate: float,
    decay: float,
) -> None:
    """The lines above for parameters of one decay."""
    if not names:
        return
    w = [optimizer.parameters[name] for name in names]
    torch._fused_adamw_(
        w,
        [_gradient(parameter) for parameter in w],
        [optimizer.state["mean"][name] for name in names],
        [optimizer.state["mean_square"][name] for name in names],
        [],
        [torch.tensor(float(number), device=w[0].device)] * len(w),
        lr=learning_rate,
        beta1=config.beta1,
        beta2=config.beta2,
        weight_decay=decay,
        eps=config.epsilon,
        amsgrad=False,
        maximize=False,
    )


def adamw_reference(
    w: Tensor, g: Tensor, m: Tensor, v: Tensor, number: int, config: AdamWConfig
) -> Tensor:
    """The lines above as they stand, for a parameter that decays; changes `m` and `v`, returns the new `w`."""
    m.copy_(config.beta1 * m + (1 - config.beta1) * g)
    v.copy_(config.beta2 * v + (1 - config.beta2) * g**2)
    w = (1 - config.learning_rate * config.weight_decay) * w
    mean, mean_square = m / (1 - config.beta1**number), v / (1 - config.beta2**number)
    return w - config.learning_rate * mean / (mean_square.sqrt() + config.epsilon)


def _gradient(parameter: Tensor) -> Tensor:
    assert parameter.grad is not None, "step() was called before the gradients were there"
    return parameter.grad
