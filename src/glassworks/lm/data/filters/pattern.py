"""A pattern of one's own: take out documents that hold it, keep only those, or replace it.

A pattern can be made that takes for ever on a long text; each document gets one second, and a pattern that needs more is
refused. The language is that of the `regex` package.
"""

from pathlib import Path
from typing import Any, Literal

import regex  # type: ignore[import-untyped]
from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Changed, Filter, Removed, Verdict
from glassworks.specs.base import Config as BaseConfig

LIMIT_S = 1.0


class Pattern(Filter):
    """A pattern of your own."""

    libraries = ("regex",)

    class Config(BaseConfig):
        kind: Literal["pattern"] = Field(default="pattern", description="A pattern of your own.")
        pattern: str = Field(default="", max_length=2000, description="A regular expression.")
        action: Literal["drop", "keep", "replace"] = Field(
            default="drop",
            description="Drop documents that hold it, keep only these, or replace it in them.",
        )
        replacement: str = Field(
            default="", max_length=2000, description="What stands in its place."
        )

    def __init__(self, config: Any, scratch: Path) -> None:
        super().__init__(config, scratch)
        try:
            self._pattern = regex.compile(config.pattern)
        except regex.error as error:
            raise _bad(str(error)) from error
        if not config.pattern:
            raise _bad("it is empty")

    def look(self, document: Document) -> Verdict:
        try:
            found = self._pattern.search(document.text, timeout=LIMIT_S)
            if self.config.action == "replace" and found:
                text = self._pattern.sub(self.config.replacement, document.text, timeout=LIMIT_S)
                return Changed(text, "replaced", found.span()) if text != document.text else None
        except regex.error as error:
            raise _bad(str(error)) from error
        except TimeoutError as error:
            raise InvalidSpec(
                "slow-pattern",
                f"The pattern needs more than {LIMIT_S:g} s for {document.id}.",
                "Avoid repeats inside of repeats, such as (a+)+.",
                "pattern",
            ) from error
        if self.config.action == "drop" and found:
            return Removed("holds the pattern", found.span())
        if self.config.action == "keep" and not found:
            return Removed("does not hold the pattern")
        return None


def _bad(what: str) -> InvalidSpec:
    message = f"The pattern cannot be used: {what}."
    return InvalidSpec(
        "bad-pattern", message, "Mend it; the language is that of `regex`.", "pattern"
    )
