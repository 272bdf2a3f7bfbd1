"""Take out documents that are too short to learn from, or too long to be one text. Lengths are in characters."""

from typing import Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Filter, Removed, Verdict
from glassworks.specs.base import Config as BaseConfig


class Length(Filter):
    """Take out documents that are too short or too long."""

    class Config(BaseConfig):
        kind: Literal["length"] = Field(
            default="length", description="Take out documents that are too short or too long."
        )
        min_characters: int = Field(default=200, ge=0, description="Shortest that stays.")
        max_characters: int = Field(default=0, ge=0, description="Longest that stays; 0: any.")

    def look(self, document: Document) -> Verdict:
        num = len(document.text)
        if num < self.config.min_characters:
            return Removed(f"{num:,} characters, fewer than {self.config.min_characters:,}")
        if 0 < self.config.max_characters < num:
            return Removed(f"{num:,} characters, more than {self.config.max_characters:,}")
        return None
