"""The contract of a helper op: typed arguments in, plain JSON out. Import what is heavy inside `run`."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from glassworks.specs.base import Spec


class Op(ABC):
    """Base of all ops. `Args` is checked before `run` sees it."""

    Args: ClassVar[type[Spec]]

    @abstractmethod
    def run(self, args: Any) -> dict[str, Any]:
        """Answer. Raises errors of the tree; the asker gets them as they are."""
