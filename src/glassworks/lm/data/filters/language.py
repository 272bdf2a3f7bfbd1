"""Keep documents of some languages, take out those that are surely of another one.

The guess is made from letters and little words (`lm/text/languages.py`). Measured on the messages of the programs that were
installed on a Debian machine, in 31 languages, a hard case (`python tools/measure_languages.py`; the lists of words were completed
with an eye on its totals): right in 97 % of pieces of 200 characters and in 99.9 % of 1,000. It was at least half sure about 74 % of
the short and 94 % of the long ones, and of all short ones 1 in 800 was wrong and sure, of the long ones none. Danish and
Norwegian look alike to it: of these it is rarely sure. Source code and lists of names have hardly any little words: it is not
sure about them, and they stay, unless `unsure` says otherwise. A text in a language that it does not know is taken for a
neighbour of it, in half of the cases surely where the neighbour is a near one.
"""

from typing import Literal

from pydantic import Field, field_validator

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Filter, Removed, Verdict
from glassworks.lm.text.languages import LANGUAGES, guess_language
from glassworks.specs.base import Config as BaseConfig


class Language(Filter):
    """Keep documents of some languages."""

    class Config(BaseConfig):
        kind: Literal["language"] = Field(
            default="language", description="Keep documents of some languages."
        )
        keep: tuple[str, ...] = Field(
            default=("en",),
            min_length=1,
            description=f"Languages that stay, of: {', '.join(LANGUAGES)}.",
        )
        min_certainty: float = Field(
            default=0.5, ge=0, le=1, description="How sure the guess has to be to count."
        )
        min_characters: int = Field(
            default=200, ge=1, description="Shorter documents are not judged, they stay."
        )
        unsure: Literal["keep", "remove"] = Field(
            default="keep", description="What becomes of a document whose language is not sure."
        )

        @field_validator("keep")
        @classmethod
        def _are_known(cls, keep: tuple[str, ...]) -> tuple[str, ...]:
            if unknown := sorted(set(keep) - set(LANGUAGES)):
                raise ValueError(f"{unknown[0]!r} is none of {', '.join(LANGUAGES)}")
            return keep

    def look(self, document: Document) -> Verdict:
        wish = self.config
        if len(document.text) < wish.min_characters:
            return None
        guess = guess_language(document.text)
        if not guess.language or guess.certainty < wish.min_certainty:
            return Removed("of no sure language") if wish.unsure == "remove" else None
        if guess.language in wish.keep:
            return None
        return Removed(f"in the language {guess.language} ({guess.certainty:.0%} sure)")
