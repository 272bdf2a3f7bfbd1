"""What a split is: settings, and one function that chooses the groups to hold out.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from glassworks.specs.base import Config


class Split(ABC):
    """Base of all splits."""

    Config: ClassVar[type[Config]]

    @staticmethod
    @abstractmethod
    def held_out(config: Any, groups: list[str]) -> set[str]:
        """The groups for validation, out of `groups` (sorted, no two alike); some, but never all of them."""
