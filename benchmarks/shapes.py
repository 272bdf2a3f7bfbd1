"""The two sizes that are measured: the first model, and one ten times as large."""

from typing import Any

SHAPES: dict[str, dict[str, Any]] = {
    "small": {
        "width": 128,
        "layers": 4,
        "heads": 2,
        "context": 128,
        "vocab_size": 2048,
        "batch": 32,
    },
    "medium": {
        "width": 384,
        "layers": 6,
        "heads": 6,
        "context": 256,
        "vocab_size": 4096,
        "batch": 8,
    },
}


def architecture_of(shape: dict[str, Any]) -> dict[str, Any]:
    """Our architecture document of a shape, with the parts of the first model."""
    return {
        "vocab_size": shape["vocab_size"],
        "context": shape["context"],
        "width": shape["width"],
        "layers": shape["layers"],
        "attention": {"kind": "grouped", "heads": shape["heads"]},
        "feed_forward": {"kind": "squared_relu"},
    }
