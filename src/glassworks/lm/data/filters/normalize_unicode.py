"""Unicode as one form (NFC), without invisible characters; blanks and line ends of one kind.

Composed and decomposed letters look alike and are different tokens. Soft hyphens, zero-width spaces and byte order marks are
seen by nobody; a zero-width joiner stays, for scripts and emoji need it. Source: Unicode Standard Annex 15.
"""

import re
import unicodedata
from typing import Any, Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Changed, Filter, Verdict
from glassworks.specs.base import Config as BaseConfig

INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0e-\x1f\x7f]")
BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
ANY = re.compile("|".join(pattern.pattern for pattern in (INVISIBLE, BLANKS, LINE_ENDS)))
"""Most texts hold none of them: one look instead of three."""


class NormalizeUnicode(Filter):
    """One form for characters that look alike."""

    class Config(BaseConfig):
        kind: Literal["normalize_unicode"] = Field(
            default="normalize_unicode", description="One form for characters that look alike."
        )
        form: Literal["NFC", "NFKC"] = Field(
            default="NFC",
            description="NFC keeps meaning; NFKC also turns ligatures and full-width letters into plain ones.",
        )

    def look(self, document: Document) -> Verdict:
        text = normalize(document.text, self.config.form)
        return None if text == document.text else Changed(text, "characters in one form")


def normalize(text: str, form: Any = "NFC") -> str:
    """The text in one form."""
    if ANY.search(text):
        text = INVISIBLE.sub("", BLANKS.sub(" ", LINE_ENDS.sub("\n", text)))
    return unicodedata.normalize(form, text)
