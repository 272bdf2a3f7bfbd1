"""The row of figures that each step leaves: one number per metric, named like the metric's file.

In: an `Update`. Out: `{"step", "loss", ...}`. Loss, learning rate and gradient norm are exact; time and memory are of
this machine at this moment and differ from run to run.
"""

from typing import Any

import psutil
import torch

from glassworks.lm.model.shapes import shape_table
from glassworks.lm.train.trainer import Trainer, Update

BACKWARD_AND_FORWARD = (
    3.0  # backward costs twice the forward pass: once for the inputs, once for the weights
)


class Figures:
    """Turns updates into rows. `machine`: what `glassworks doctor` measured, or {}."""

    def __init__(self, trainer: Trainer, machine: dict[str, Any], device: str) -> None:
        self._trainer = trainer
        self._device = device
        self._process = psutil.Process()
        model = trainer.weights.model
        table = shape_table(model.architecture, model.vocab_size)
        self._flops_per_token = BACKWARD_AND_FORWARD * table.flops_per_token
        ceiling = machine.get("matmul_gflops", {}).get(f"{device}/{trainer.weights.dtype}")
        self._ceiling_flops_per_s = float(ceiling) * 1e9 if ceiling else None

    def row(self, update: Update) -> dict[str, float | int]:
        """One row of `metrics.jsonl`; `utilization` only where the ceiling was measured."""
        tokens_per_s = update.num_tokens / update.duration_s
        row: dict[str, float | int] = {
            "step": update.step,
            "loss": update.loss,
            "learning_rate": update.learning_rate,
            "gradient_norm": update.gradient_norm,
            "tokens_per_s": round(tokens_per_s, 1),
            "memory_bytes": memory_bytes(self._device, self._process),
            "tokens": self._trainer.num_tokens,
            **update.times,
            "save_s": round(update.save_s, 6),
            "measure_s": round(update.measure_s, 6),
            **update.wishes,
        }
        if self._ceiling_flops_per_s:
            share = tokens_per_s * self._flops_per_token / self._ceiling_flops_per_s
            row["utilization"] = round(share, 4)
        return row


def memory_bytes(device: str, process: psutil.Process | None = None) -> int:
    """Memory in use: of the device where it has its own, else of `process` (default: this one)."""
    if device == "cuda":
        return int(torch.cuda.memory_allocated())
    if device == "mps":
        return int(torch.mps.current_allocated_memory())
    return int((process or psutil.Process()).memory_info().rss)
