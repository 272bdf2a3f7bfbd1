"""What a training will need, as it is told before a run: by the command line, the server, the start card.

A figure that cannot be known yet is null, never a guess; where it helps, a field beside it says why.
"""

from typing import Any, Literal

from glassworks.specs.base import Spec


class MemoryView(Spec):
    """Bytes at the fullest moment of a step."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    saving: int
    """The copy that is written to disk while the training goes on."""
    total: int


class DiskView(Spec):
    """Checkpoints by cadence and keep-policy, and what the kept states hold beyond them."""

    checkpoints: int
    states: int
    total: int


class ShortageView(Spec):
    """What does not fit here; `nearest`: settings of the training with which it does, empty where none is enough."""

    what: Literal["memory", "disk"]
    needed_bytes: int
    available_bytes: int
    message: str
    hint: str
    nearest: dict[str, Any]
    nearest_bytes: int | None


class TrainingEstimate(Spec):
    """`time_error`: by how much past runs would have been missed, as a share; `program_bytes`: what Python, torch and
    the tokens take in the same memory, beside the model."""

    steps: int
    num_tokens: int
    training_flops: float
    memory_bytes: MemoryView
    program_bytes: int
    disk_bytes: DiskView
    num_checkpoints: int
    least_time_s: float | None = None
    time_s: float | None = None
    based_on_runs: int
    time_error: float | None = None
    first_loss: float | None = None
    predicted_final_loss: float | None = None
    predicted_final_loss_reason: str
    shortages: tuple[ShortageView, ...]


class NodeEstimate(Spec):
    """A recipe's node with an architecture. What is null belongs to a training, and this stage is none.

    `tokens_available`: length of the text, where it was tokenized before; `epochs`: how often it is read.
    """

    parameters: int
    flops_per_token: float
    checkpoint_bytes: int
    cache_bytes: int
    steps: int | None = None
    num_tokens: int | None = None
    training_flops: float | None = None
    memory_bytes: MemoryView | None = None
    program_bytes: int | None = None
    disk_bytes: DiskView | None = None
    num_checkpoints: int | None = None
    least_time_s: float | None = None
    time_s: float | None = None
    based_on_runs: int = 0
    time_error: float | None = None
    tokens_available: int | None = None
    epochs: float | None = None
    first_loss: float | None = None
    first_loss_reason: str = ""
    predicted_final_loss: float | None = None
    predicted_final_loss_range: tuple[float, float] | None = None
    predicted_final_loss_reason: str = ""
    shortages: tuple[ShortageView, ...] = ()
