"""What a result says about the machine: the ceiling measured in the same run, and how busy it was."""

import os
from typing import Any

import torch

from glassworks.worker.ops import OPS


def machine() -> dict[str, Any]:
    """Measured now, with the load average that says whether neighbors disturbed."""
    op = OPS.load("measure_machine")()
    found: dict[str, Any] = op.run(op.Args())
    kept = ("processor", "num_cores", "memory_bytes", "torch", "has_fast_bf16", "matmul_gflops")
    return {name: found[name] for name in kept} | {"load_average": os.getloadavg()[0]}


def dtype_of(machine: dict[str, Any]) -> str:
    """bf16 where the processor multiplies it fast, else fp32: what each contestant computes in."""
    return "bf16" if torch.cuda.is_available() or machine["has_fast_bf16"] else "fp32"
