"""The contract of a helper op: typed arguments in, plain JSON out. Import what is heavy inside `run`.

An op that takes long may tell how far it is: `self.progress(done, total, unit, phase)`, with the words of a run's progress.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from glassworks.specs.base import Spec


class Op(ABC):
    """Base of all ops. `Args` is checked before `run` sees it."""

    Args: ClassVar[type[Spec]]

    def __init__(self, progress: Callable[[int, int, str, str], None] | None = None) -> None:
        self.progress = progress or _nobody_asked

    @abstractmethod
    def run(self, args: Any) -> dict[str, Any]:
        """Answer. Raises errors of the tree; the asker gets them as they are."""


def _nobody_asked(done: int, total: int, unit: str, phase: str) -> None:
    """For who does not want to know."""
