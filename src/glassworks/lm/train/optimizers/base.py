"""What an optimizer is.

In: named fp32 parameters (the masters) and, at each step, a gradient in each `.grad`. Out: changed parameters. What it
remembers are named tensors, so that they can be saved and loaded without pickle. Parameters are updated in the order
of their names' first appearance; nothing here is random.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from glassworks.specs.base import Config

Named = dict[str, Tensor]


class OptimizerConfig(Config):
    """What all optimizers share. `kind` is the file's name."""

    kind: str
    learning_rate: float = Field(
        default=1e-3, gt=0, le=10, description="Largest step size; the schedule scales it down."
    )
    weight_decay: float = Field(
        default=0.0,
        ge=0,
        le=10,
        description="How strongly matrices are pulled to zero, times the learning rate.",
    )


class Optimizer(ABC):
    """Changes `parameters` in place. Subclasses fill `state`: kind of memory -> parameter name -> tensor."""

    Config: ClassVar[type[OptimizerConfig]]

    def __init__(self, config: Any, parameters: Named, matmul_dtype: torch.dtype) -> None:
        """`parameters`: fp32, by name. `matmul_dtype`: what the machine multiplies fast (bf16 or fp32)."""
        self.config = config
        self.parameters = parameters
        self.matmul_dtype = matmul_dtype
        self.state: dict[str, Named] = {}

    @abstractmethod
    def step(self, number: int, factor: float) -> None:
        """Apply the gradients of step `number` (1, 2, ...) with all learning rates times `factor`."""

    def remember(self, what: str, names: list[str]) -> None:
        """Make one zero tensor of each named parameter's shape: the memory called `what`."""
        self.state[what] = {name: torch.zeros_like(self.parameters[name]) for name in names}

    def tensors(self) -> Named:
        """All memory under flat names, `what/parameter`."""
        return {
            f"{what}/{name}": t for what, named in self.state.items() for name, t in named.items()
        }

    def load_tensors(self, tensors: Named) -> None:
        """Take over what `tensors()` gave. Raises KeyError when the names differ."""
        own = self.tensors()
        if own.keys() != tensors.keys():
            raise KeyError(f"another optimizer's memory: {sorted(own.keys() ^ tensors.keys())[:3]}")
        for name, tensor in own.items():
            tensor.copy_(tensors[name])


def is_hidden_matrix(name: str, parameter: Tensor) -> bool:
    """Whether a parameter is a matrix inside the blocks: no embedding, head, norm or bias."""
    return parameter.ndim == 2 and name.startswith("layers.")
