"""Numbers: what the model computes in, and what it is stored in while it learns.

In: a model in fp32 and the wanted dtype. Out: `Weights`: the masters (fp32, what the optimizer changes and a checkpoint
holds) and the model that computes. With `fp32` the masters are the model's own parameters. With `bf16` the model holds
a rounded copy: bf16 has 8 bits of precision, so a small step added to a bf16 weight would be lost, while the fp32
master keeps it. Faster than autocast, since nothing is cast again and again.
"""

from pathlib import Path
from typing import Any, Literal

import psutil
import torch
from torch import Tensor

from glassworks.common.errors import Unavailable
from glassworks.lm.model.transformer import Transformer

Device = Literal["cpu", "cuda", "mps"]
DType = Literal["fp32", "bf16"]
DTYPES: dict[str, torch.dtype] = {"fp32": torch.float32, "bf16": torch.bfloat16}
CPUINFO = Path("/proc/cpuinfo")
FAST_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}  # x86, x86, Arm


class Weights:
    """A model and its fp32 masters, by parameter name. A shared parameter (a tied head) counts once."""

    def __init__(self, model: Transformer, dtype: str) -> None:
        """`model` is in fp32 and becomes `dtype` (a key of `DTYPES`), in place."""
        self.model = model
        self.dtype = dtype
        self._is_copied = dtype != "fp32"
        named = dict(model.named_parameters())
        if self._is_copied:
            self.masters = {name: p.detach().clone() for name, p in named.items()}
            model.to(DTYPES[dtype])
        else:
            self.masters = {name: p.detach() for name, p in named.items()}
        self._parameters: list[Tensor] = list(model.parameters())
        for master in self.masters.values():
            master.grad = torch.zeros_like(master)
        self._is_clear = True

    @property
    def gradients(self) -> list[Tensor]:
        """The masters' gradients, fp32, in the order of `masters`."""
        return [master.grad for master in self.masters.values() if master.grad is not None]

    def clear_gradients(self) -> None:
        """Forget the gradients: the next that are collected take their place."""
        self._is_clear = True

    def collect_gradients(self) -> None:
        """Add the model's gradients to the masters' in fp32, and forget the model's."""
        for gradient, parameter in zip(self.gradients, self._parameters, strict=True):
            if parameter.grad is None:
                if self._is_clear:
                    gradient.zero_()
            elif self._is_clear:
                gradient.copy_(parameter.grad)
            else:
                gradient.add_(parameter.grad)
            parameter.grad = None
        self._is_clear = False

    def refresh_model(self) -> None:
        """Round the masters into the model; nothing to do where they are the same tensors."""
        if self._is_copied:
            with torch.no_grad():
                torch._foreach_copy_(self._parameters, list(self.masters.values()))


def pick_device(machine: dict[str, Any]) -> Device:
    """`cuda`, `mps` or `cpu`: the fastest there is. `machine`: what `doctor` measured, or {}."""
    devices = machine.get("devices") or [name for name in ("cuda", "mps") if is_available(name)]
    if "cuda" in devices:
        return "cuda"
    return "mps" if "mps" in devices else "cpu"


def default_threads(machine: dict[str, Any]) -> int:
    """One thread per core."""
    cores = machine.get("num_cores") or psutil.cpu_count(logical=False) or psutil.cpu_count()
    return max(1, int(cores or 1))


def is_available(device: str) -> bool:
    """Whether torch can compute on `device` here."""
    if device == "cuda":
        return torch.cuda.is_available()
    if device == "mps":
        return torch.backends.mps.is_available()
    return device == "cpu"


def pick_dtype(device: str, machine: dict[str, Any]) -> DType:
    """bf16 where the device multiplies it faster than fp32, else fp32. `machine`: what `doctor` measured, or {}."""
    if device == "cuda":
        return "bf16" if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else "fp32"
    if device == "mps":
        return "fp32"
    is_fast = machine.get("has_fast_bf16", has_fast_bf16_on_cpu())
    return "bf16" if is_fast else "fp32"


def has_fast_bf16_on_cpu() -> bool:
    """Whether this processor has instructions for bf16; False where that cannot be told."""
    try:
        lines = CPUINFO.read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return bool(FAST_BF16_FLAGS & set(flags.split()))


def check_device(device: str) -> None:
    """Raises Unavailable when torch cannot compute on `device` here."""
    if not is_available(device):
        raise Unavailable(
            "no-device",
            f"This machine has no device {device!r} that torch can use.",
            "Set device to auto or cpu; `glassworks doctor` lists what this machine has.",
            "device",
        )
