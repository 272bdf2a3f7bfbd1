"""Twenty healthy runs: sizes, texts, tokenizers, optimizers, schedules and seeds that a person would choose.

Number N is always the same run. Neighbors differ in everything, so the first few are already a mixture.
"""

from typing import Any

TEXTS = ("stories", "many sums", "chats")
"""Long enough that 400 steps read none of them sixteen times."""
SIZES = (
    {"context": 24, "width": 16, "layers": 1},
    {"context": 32, "width": 32, "layers": 2},
    {"context": 48, "width": 48, "layers": 3},
    {"context": 64, "width": 64, "layers": 2},
)
OPTIMIZERS: tuple[dict[str, Any], ...] = (
    {"kind": "muon"},
    {"kind": "adamw"},
    {"kind": "adamw", "learning_rate": 1e-2, "weight_decay": 0.0},
    {"kind": "muon", "learning_rate": 0.01, "weight_decay": 0.01},
    {"kind": "adamw", "learning_rate": 1e-3, "beta2": 0.99},
)
SCHEDULES: tuple[dict[str, Any], ...] = (
    {"kind": "warmup_stable_decay"},
    {"kind": "cosine"},
    {"kind": "warmup_stable_decay", "warmup": 0.1, "decay": 0.2},
)
FEED_FORWARDS = ("squared_relu", "swiglu")
BATCHES = (4, 8, 16)
NUM_RUNS = 20


def healthy(number: int) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Text, architecture and settings (without steps) of run `number`, from 0."""
    architecture = {
        **SIZES[number % len(SIZES)],
        "attention": {"kind": "grouped", "heads": 2, "has_qk_norm": number % 5 != 3},
        "feed_forward": {"kind": FEED_FORWARDS[number % 2]},
    }
    settings = {
        "seed": number,
        "optimizer": OPTIMIZERS[number % len(OPTIMIZERS)],
        "schedule": SCHEDULES[number // 2 % len(SCHEDULES)],
        "batch_size": BATCHES[number // 3 % len(BATCHES)],
        "evaluate_every": 40,
        "layers_every": 20,
    }
    return TEXTS[number % len(TEXTS)], architecture, settings
