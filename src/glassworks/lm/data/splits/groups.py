"""Hold named groups out: these plays, these files. Nobody has to wonder what a model was tested on."""

from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data.splits.base import Split
from glassworks.specs.base import Config as BaseConfig

SHOWN = 60


class NamedGroups(Split):
    """Hold named groups out."""

    class Config(BaseConfig):
        kind: Literal["groups"] = Field(default="groups", description="Hold named groups out.")
        holdout: tuple[str, ...] = Field(
            default=(), description="The groups to validate on, for instance names of plays."
        )

    @staticmethod
    def held_out(config: Any, groups: list[str]) -> set[str]:
        """Raises InvalidSpec for no name, an unknown name, or all names."""
        unknown = sorted(set(config.holdout) - set(groups))
        more = f" and {len(groups) - SHOWN:,} more" if len(groups) > SHOWN else ""
        known = f"The groups are: {', '.join(groups[:SHOWN])}{more}."
        if unknown:
            raise InvalidSpec(
                "unknown-group", f"There is no group {unknown[0]!r}.", known, "by.holdout"
            )
        if not config.holdout:
            raise InvalidSpec("empty-split", "No group is held out.", known, "by.holdout")
        if len(set(config.holdout)) == len(groups):
            raise InvalidSpec(
                "empty-split",
                "All groups are held out; nothing is left to train on.",
                "Name fewer groups.",
                "by.holdout",
            )
        return set(config.holdout)
