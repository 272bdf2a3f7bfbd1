"""Hold a fraction of the groups out, chosen by a hash of seed and name: the same groups on every machine."""

from heapq import nsmallest
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.common.hashing import hash_json
from glassworks.lm.data.splits.base import Split
from glassworks.specs.base import Config as BaseConfig


class Fraction(Split):
    """Hold a fraction of the groups out."""

    class Config(BaseConfig):
        kind: Literal["fraction"] = Field(
            default="fraction", description="Hold a fraction of the groups out."
        )
        fraction: float = Field(
            default=0.1, gt=0, lt=1, description="Share of the groups to validate on."
        )
        seed: int = Field(default=1337, ge=0, lt=2**31, description="Which groups.")

    @staticmethod
    def held_out(config: Any, groups: list[str]) -> set[str]:
        """At least one group and never all. Raises InvalidSpec when there is only one."""
        if len(groups) < 2:
            raise InvalidSpec(
                "empty-split",
                "The dataset has one group only, and a group is never torn apart.",
                "Cut the text into several documents (source.cut: paragraphs), or import more files.",
                "by",
            )
        num = min(max(1, round(config.fraction * len(groups))), len(groups) - 1)
        return set(nsmallest(num, groups, key=lambda group: hash_json([config.seed, group])))
