"""Examples of what is answered about runs, for the description of the interface."""

from typing import Any

from glassworks.server.live.views import EXAMPLE as RUN

NODE: dict[str, Any] = {
    "name": "train",
    "stage": "train_model",
    "purpose": "Train a model to predict the next token.",
    "status": "running",
    "action": "run",
    "reason": "never run",
    "run": "r2ab3cd4ef",
    "cursor": "4:1:41",
    "metrics_cursor": "1:400",
    "config": {"steps": 1200, "batch_size": 16},
    "resources": {"device": "cpu", "threads": 2},
}
DETAIL: dict[str, Any] = {
    "run": RUN,
    "cursor": "12:0:0",
    "metrics_cursor": "0:0",
    "state": {"status": "running", "name": "first-model", "kind": "flow"},
    "nodes": [NODE],
    "recipe": {
        "name": "first-model",
        "title": "Your first model",
        "output": "train.checkpoint",
        "nodes": {"train": {"stage": "train_model", "config": {"steps": 1200}}},
    },
    "environment": {"platform": "Linux-6.1", "torch": "2.13.0"},
    "flow_run": "r4k7m2p9xq",
    "lineage": [
        {
            "name": "train.checkpoint",
            "kind": "checkpoint",
            "artifact": "4f1c" * 16,
            "size_bytes": 5_300_000,
            "made_by": "r2ab3cd4ef",
        }
    ],
    "folder": "~/.glassworks/store/runs/r4k7m2p9xq",
    "actions": ["pause", "cancel", "prove", "clone", "rename"],
}
METRICS: dict[str, Any] = {
    "cursor": "1:400",
    "first_step": 1,
    "last_step": 400,
    "num_rows": 400,
    "series": {
        "loss": {
            "steps": [100, 300],
            "mean": [4.9, 3.6],
            "min": [3.9, 3.4],
            "max": [7.62, 3.9],
        }
    },
}
EVENTS: dict[str, Any] = {
    "cursor": "2:1:1",
    "events": [
        {
            "time": "2026-03-01T12:00:01.000000Z",
            "type": "attempt.started",
            "attempt": 1,
            "from_step": 0,
        }
    ],
}
LINE: dict[str, Any] = {
    "number": 17,
    "attempt": 1,
    "time": "2026-03-01T12:00:01.000000Z",
    "level": "info",
    "logger": "glassworks.stages.train_model",
    "message": "training begins",
}
LOGS: dict[str, Any] = {
    "items": [LINE],
    "next": "WzE3XQ",
    "total": 1,
    "levels": {"info": 1},
}
COUNTS = {"running": 1, "done": 12}

EVALUATION: dict[str, Any] = {
    "artifact": "9363dd2f4b1e",
    "step": 2500,
    "loss": {
        "nats_per_token": 0.213,
        "bits_per_byte": 0.0758,
        "nats_interval": [0.209, 0.218],
        "bits_interval": [0.0743, 0.0772],
        "num_tokens": 93826,
        "num_bytes": 380794,
    },
    "yardsticks": [
        {
            "kind": "ngram",
            "label": "5-gram",
            "loss": {
                "nats_per_token": 0.587,
                "bits_per_byte": 0.2076,
                "num_tokens": 93826,
                "num_bytes": 380794,
            },
        }
    ],
    "scores": [
        {"kind": "story_consistency", "value": 1.0, "low": 0.963, "high": 1.0, "num_items": 100}
    ],
}
