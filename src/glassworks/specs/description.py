"""`statistics.json` of a `description`: what is in a dataset, in figures.

Made by the stage `describe_dataset`; read by the server, the pages and the command line, none of which needs more than
this file. What counts how stands at each figure. Shares lie between 0 and 1. Where memory had to be kept small something
is an estimate; `is_estimate` beside it says so, and `has_more` says in words what was capped and how.
"""

import re
from typing import Literal

from pydantic import Field

from glassworks.specs.base import Spec

STATISTICS_FILE = "statistics.json"
SEARCH_FILE = "search.sqlite"
HAN_OR_KANA = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Inside of `[]` in a pattern: characters of Chinese and Japanese, which are written without blanks."""
_ALONE = re.compile(f"([{HAN_OR_KANA}])")


def apart(text: str) -> str:
    """The text as the search index takes it, and as it must be asked: each character of Chinese and Japanese a word by itself."""
    return text if text.isascii() else _ALONE.sub(r" \1 ", text)


class SourceCount(Spec):
    """What came from one source: a file, a package, a generator."""

    name: str
    num_documents: int = Field(ge=0)
    num_bytes: int = Field(ge=0)


class LengthBin(Spec):
    """Documents with at least `from_` and fewer than `to` units."""

    from_: int = Field(ge=0)
    to: int = Field(ge=1)
    count: int = Field(ge=0)


class LengthsSpec(Spec):
    """How long the documents are. Bins are powers of 2 without a gap, the first for empty documents if there are any.

    `p10`, `median` and `p90` are lengths that occur: the shortest that at least that share of the documents does not exceed.
    They are exact up to 65,536 different lengths, then within 0.2 %.
    """

    unit: Literal["bytes", "tokens"]
    bins: tuple[LengthBin, ...]
    min: int = 0
    p10: int = 0
    median: int = 0
    p90: int = 0
    max: int = 0
    mean: float = 0.0


class ScriptShare(Spec):
    """Letters of one script (Latin, Cyrillic, Han ...); `share` is that of all letters. Common: letters of no one script."""

    name: str
    share: float = Field(ge=0, le=1)
    num_characters: int = Field(ge=0)


class CharacterShares(Spec):
    """Shares of all characters (Unicode code points), by Unicode's categories.

    letters: L, and the marks on them, M; digits: N; spaces: Z, tabs and line ends; punctuation: P; other: symbols, emoji
    and control characters.
    """

    letters: float = 0.0
    digits: float = 0.0
    spaces: float = 0.0
    punctuation: float = 0.0
    other: float = 0.0


class DuplicatesSpec(Spec):
    """Copies. Exact ones are the same letter for letter but for blanks at the ends; empty documents are copies too.

    exact_documents: those that stood there before; exact_groups: texts that stand there more than once. near_documents: those that
    are no exact copy, but nearly the same as an earlier one (0.8 of their runs of five words in common); near_share: of
    the different texts. `is_estimate`: the near copies were looked for in `sampled_documents` texts only, or in their
    beginnings, and scaled up; or the exact ones were counted in a sample.
    """

    exact_documents: int = Field(default=0, ge=0)
    exact_groups: int = Field(default=0, ge=0)
    near_documents: int = Field(default=0, ge=0)
    near_share: float = Field(default=0.0, ge=0, le=1)
    is_estimate: bool = False
    sampled_documents: int = Field(default=0, ge=0)


class NGramCount(Spec):
    """Words that follow each other in a document, in lower case, and how often they do."""

    text: str
    count: int = Field(ge=1)


class NGramsSpec(Spec):
    """The most frequent words, pairs and triples. `is_estimate`: rare ones were forgotten on the way, so a count may be low."""

    words: tuple[NGramCount, ...] = ()
    pairs: tuple[NGramCount, ...] = ()
    triples: tuple[NGramCount, ...] = ()
    is_estimate: bool = False


class TokensSpec(Spec):
    """What a tokenizer makes of the texts, without special tokens. `tokenizer` is its artifact id."""

    tokenizer: str
    num_tokens: int = Field(ge=0)
    bytes_per_token: float = Field(ge=0)
    lengths: LengthsSpec


class KindCounts(Spec):
    """Documents that are plain text, and those with `meta.messages`, which are chats."""

    text: int = Field(default=0, ge=0)
    chat: int = Field(default=0, ge=0)


class DescriptionSpec(Spec):
    """All of `statistics.json`.

    Bytes are those of UTF-8. A word is a run of letters, digits and marks, with apostrophes inside; in Chinese and Japanese
    each character is one. `sources`: the 50 largest by bytes.
    """

    format: int = 1
    num_documents: int = Field(ge=0)
    num_bytes: int = Field(ge=0)
    num_characters: int = Field(ge=0)
    num_words: int = Field(ge=0)
    num_groups: int = Field(ge=0)
    num_sources: int = Field(ge=0)
    sources: tuple[SourceCount, ...]
    lengths: LengthsSpec
    scripts: tuple[ScriptShare, ...]
    characters: CharacterShares
    duplicates: DuplicatesSpec
    ngrams: NGramsSpec
    tokens: TokensSpec | None = None
    kinds: KindCounts
    has_more: tuple[str, ...] = ()
