"""Muon: the matrices inside the blocks take steps whose singular values are all about 1.

For a matrix W with gradient G and learning rate a:

    M = b M + G                        momentum
    U = orthogonalize(G + b M)         Nesterov; U V^T of the singular value decomposition, nearly
    W = (1 - a d) W - a sqrt(max(1, rows / columns)) U

A plain gradient is dominated by few directions; an orthogonal one moves all directions alike. Embeddings, head and
norms are no maps between hidden vectors, so they go by AdamW. Orthogonalizing needs matrix products only:
five Newton-Schulz steps X <- aX + (bA + cA^2)X, A = X X^T, with coefficients chosen for speed: singular values end
between about 0.7 and 1.2. They run in bf16 where the machine multiplies that fast. Matrices of one shape go together.
Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks".
"""

from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor

from glassworks.lm.train.optimizers.adamw import AdamWConfig, adamw_update
from glassworks.lm.train.optimizers.base import (
    Named,
    Optimizer,
    OptimizerConfig,
    is_hidden_matrix,
)

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
NUM_NEWTON_SCHULZ_STEPS = 5


class MuonConfig(OptimizerConfig):
    """Settings of Muon, and of AdamW for what is no matrix inside a block."""

    kind: Literal["muon"] = Field(
        default="muon", description="Orthogonal steps for the blocks' matrices, AdamW for the rest."
    )
    learning_rate: float = Field(
        default=0.02, gt=0, le=10, description="Largest step of the blocks' matrices."
    )
    momentum: float = Field(
        default=0.95, ge=0, lt=1, description="How long gradients are remembered."
    )
    weight_decay: float = Field(
        default=0.0,
        ge=0,
        le=10,
        description="Pull of the blocks' matrices to zero, times the rate.",
    )
    adamw: AdamWConfig = Field(
        default=AdamWConfig(learning_rate=4e-3, weight_decay=0.0),
        description="For embeddings, head, norms and biases.",
    )


class Muon(Optimizer):
    """Muon for matrices inside blocks, AdamW for everything else."""

    Config = MuonConfig

    def __init__(self, config: Any, parameters: Named, matmul_dtype: torch.dtype) -> None:
        super().__init__(config, parameters, matmul_dtype)
        self.matrices = [name for name, p in parameters.items() if is_hidden_matrix(name, p)]
        self.others = [name for name in parameters if name not in set(self.matrices)]
        self.shapes = _by_shape({name: parameters[name] for name in self.matrices})
        self.remember("momentum", self.matrices)
        self.remember("mean", self.others)
        self.remember("mean_square", self.others)

    def step(self, number: int, factor: float) -> None:
        config: MuonConfig = self.config
        for names in self.shapes:
            self._step_matrices(names, config, config.learning_rate * factor)
        adamw_update(self, self.others, number, config.adamw, config.adamw.learning_rate * factor)

    def _step_matrices(self, names: list[str], config: MuonConfig, learning_rate: float) -> None:
        w = [self.parameters[name] for name in names]
        g = [parameter.grad for parameter in w if parameter.grad is not None]
        m = [self.state["momentum"][name] for name in names]
        torch._foreach_mul_(m, config.momentum)
        torch._foreach_add_(m, g)
        ahead = torch._foreach_add(g, m, alpha=config.momentum)
        update_NRC = orthogonalize(torch.stack(list(ahead)).to(self.matmul_dtype))
        rows, columns = w[0].shape
        size = learning_rate * max(1.0, rows / columns) ** 0.5
        if config.weight_decay:
            torch._foreach_mul_(w, 1 - learning_rate * config.weight_decay)
        torch._foreach_add_(w, list(update_NRC.float().unbind()), alpha=-size)


def orthogonalize(x_NRC: Tensor) -> Tensor:
    """The nearest matrices with singular values near 1, of N matrices (N, rows, columns), in the dtype of `x_NRC`."""
    a, b, c = COEFFICIENTS
    is_tall = x_NRC.size(1) > x_NRC.size(2)
    x_NRC = x_NRC.mT if is_tall else x_NRC  # the products below are of the shorter side
    x_NRC = x_NRC / (x_NRC.float().norm(dim=(1, 2), keepdim=True) + 1e-7).to(x_NRC.dtype)
    for _ in range(NUM_NEWTON_SCHULZ_STEPS):
        gram_NRR = x_NRC @ x_NRC.mT
        polynomial_NRR = torch.baddbmm(gram_NRR, gram_NRR, gram_NRR, beta=b, alpha=c)
        x_NRC = torch.baddbmm(x_NRC, polynomial_NRR, x_NRC, beta=a)
    return x_NRC.mT if is_tall else x_NRC


def _by_shape(parameters: Named) -> list[list[str]]:
    groups: dict[torch.Size, list[str]] = {}
    for name, parameter in parameters.items():
        groups.setdefault(parameter.shape, []).append(name)
    return list(groups.values())
