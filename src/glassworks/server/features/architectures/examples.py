"""Examples of the calls about architectures: true answers, shortened."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "vocab_size": 2048,
    "context": 128,
    "width": 128,
    "layers": 4,
    "attention": {"kind": "grouped", "heads": 2},
    "feed_forward": {"kind": "squared_relu"},
}
PRESET: dict[str, Any] = {
    "id": "smollm2-135m",
    "title": "SmolLM2 135M",
    "family": "llama",
    "note": "Deep and narrow, with a tied head; small enough to write on a laptop.",
    "source": "Ben Allal et al. 2025, SmolLM2; config.json and count of HuggingFaceTB/SmolLM2-135M.",
    "is_published": True,
    "parameters": 134515008,
    "document": DOCUMENT,
}
MATRIX: dict[str, Any] = {
    "name": "q.weight",
    "shape": [128, 128],
    "parameters": 16384,
    "flops_per_token": 32768,
    "role": "matrix",
}
PART: dict[str, Any] = {
    "id": "layers.0.attention",
    "role": "attention",
    "kind": "grouped",
    "layer": 0,
    "repeats": 4,
    "title": "Grouped-query attention",
    "words": "Several query heads share one head of keys and values.",
    "idea": "Every position asks a question (query), offers a label (key) and carries a message (value).",
    "formula": "y = o(concat over heads of softmax(q k^T / sqrt(H) + causal) v)",
    "source": "Ainslie et al. 2023",
    "file": "lm/model/attention/grouped.py",
    "matrices": [MATRIX],
    "parameters": 65536,
    "flops_per_token": 163840,
    "cached_per_token": 256,
    "kept_per_token": 1030.0,
}
EXPLANATION: dict[str, Any] = {
    "document": DOCUMENT,
    "problems": [],
    "vocab_size": 2048,
    "is_vocab_assumed": False,
    "parameters": 1310720,
    "embedding_parameters": 262144,
    "flops_per_token": 2359296,
    "training_flops_per_token": 7077888,
    "cache_bytes_per_token": 2048,
    "weight_bytes": 2621440,
    "kept_per_token": 15000.0,
    "blocks": [{"first": 0, "repeats": 4, "parameters": 196608, "flops_per_token": 458752}],
    "parts": [PART],
}
TRAINING: dict[str, Any] = {
    "steps": 1200,
    "num_tokens": 2457600,
    "training_flops": 1.74e13,
    "memory_bytes": {
        "weights": 5242880,
        "gradients": 10485760,
        "optimizer": 7340032,
        "activations": 122880000,
        "saving": 18874368,
        "total": 164823040,
    },
    "program_bytes": 400000000,
    "disk_bytes": {"checkpoints": 31457280, "states": 14680064, "total": 46137344},
    "num_checkpoints": 6,
    "least_time_s": 43.5,
    "time_s": 92.0,
    "based_on_runs": 2,
    "time_error": 0.08,
    "first_loss": 7.6246,
    "predicted_final_loss": None,
    "predicted_final_loss_reason": "Nothing is known yet of how the loss falls with size here.",
    "shortages": [],
}
DEVICE: dict[str, Any] = {
    "device": "gpu-24",
    "name": "GPU, 24 GiB",
    "kind": "cuda",
    "dtype": "bf16",
    "is_here": False,
    "memory_bytes": 25769803776,
    "training_bytes": 145948672,
    "generation_bytes": 2752512,
    "fits_training": True,
    "fits_generation": True,
    "why": None,
    "hint": None,
    "nearest": None,
}
ESTIMATE: dict[str, Any] = {
    "vocab_size": 2048,
    "device": "cpu",
    "dtype": "fp32",
    "parameters": 1310720,
    "flops_per_token": 7077888,
    "checkpoint_bytes": 5242880,
    "cache_bytes": 524288,
    "training": TRAINING,
    "generation": {
        "memory_bytes": {"weights": 5242880, "cache": 524288, "total": 5767168},
        "tokens_per_s_bound": 1816.0,
    },
    "devices": [DEVICE],
}
RULE: dict[str, Any] = {
    "name": "horizon",
    "sentence": "It reads 20 tokens for each parameter that multiplies.",
    "source": "Hoffmann et al. 2022",
}
PLAN: dict[str, Any] = {
    "depth": 4,
    "document": DOCUMENT,
    "training": {"steps": 1200, "batch_size": 16},
    "parameters": 1310720,
    "multiplying": 1048576,
    "tokens": 2457600,
    "training_flops": 1.74e13,
    "epochs": 1.9,
    "is_short_of_text": True,
    "time_s": 588.0,
    "based_on_runs": 2,
    "is_speed_assumed": False,
    "promised": {"minutes": 10, "time_s": 588.0, "tokens": 2457600},
    "rule": ["4 layers: the deepest model for which 10 minutes and the text are enough."],
    "rules": [RULE],
}
VERSION: dict[str, Any] = {
    "version": 2,
    "artifact": "4f1c" * 16,
    "note": "one layer more",
    "created_at": "2026-03-01T12:00:00.000000Z",
    "is_present": True,
    "document": DOCUMENT,
}
OF_RUN: dict[str, Any] = {"name": "first-model", "run": "r4k7m2p9xq", "document": DOCUMENT}
ROW: dict[str, Any] = {"name": "my-model", "project": "default", "num_versions": 2, **VERSION}
CHANGE: dict[str, Any] = {"path": "layers", "before": 3, "after": 4}
HUB_CONFIG = (
    '{"model_type": "llama", "vocab_size": 49152, "hidden_size": 576, "num_hidden_layers": 30}'
)
