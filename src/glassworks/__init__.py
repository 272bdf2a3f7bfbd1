"""Glassworks: build a language model, watch it learn, put it to work.

The ten public names live in `api.py`; importing this package is cheap (no torch), names load on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from glassworks.common.version import VERSION

__version__ = VERSION

__all__ = [
    "continue_run",
    "doctor",
    "estimate",
    "gc",
    "load",
    "ls",
    "resume",
    "run",
    "show",
    "watch",
]

if TYPE_CHECKING:
    from glassworks.api import (
        continue_run,
        doctor,
        estimate,
        gc,
        load,
        ls,
        resume,
        run,
        show,
        watch,
    )


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("glassworks.api"), name)
    raise AttributeError(f"module 'glassworks' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
