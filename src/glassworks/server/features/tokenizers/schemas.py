"""What the calls about tokenizers answer; what is asked, `asks.py` says.

A token's `text` shows half a character as U+FFFD; `hex` has its exact bytes, and is empty for a special token.
"""

from typing import Any, Literal

from pydantic import ConfigDict

from glassworks.server.features.tokenizers import examples
from glassworks.server.http.paging import Page
from glassworks.specs.base import Spec


def _example(value: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class TokenizerRow(Spec):
    """A tokenizer to choose. `kind`: an item, what a model speaks through, or a known one.

    `is_present`: it can be asked; of a known one that is not, `package` names what brings it. `vocab_size` and `type`, null for
    what has not been opened, are told by `about`.
    """

    model_config = _example(examples.TOKENIZER)

    ref: str
    label: str
    kind: Literal["item", "model", "known"]
    name: str
    version: int | None = None
    artifact: str | None = None
    run: str | None = None
    created_at: str | None = None
    vocab_size: int | None = None
    type: str | None = None
    is_present: bool
    note: str = ""
    package: str = ""


class TokenizerList(Spec):
    """Items, then models, by name; then the known ones."""

    model_config = _example({"items": [examples.TOKENIZER, examples.KNOWN]})

    items: tuple[TokenizerRow, ...]


class LossView(Spec):
    """What does not come back: `before` was encoded, `after` was decoded; null where the text is refused."""

    what: str
    before: str
    after: str | None


class SpecialTokenView(Spec):
    token: str
    id: int
    role: str | None


class TokenizerAbout(Spec):
    """`dataset`: what it was learned from, where that is known and still there. `encoder`: the program that encodes."""

    model_config = _example(examples.ABOUT)

    ref: str
    label: str
    kind: Literal["item", "model", "known", "artifact"]
    artifact: str | None
    run: str | None
    dataset: str | None
    type: str
    vocab_size: int
    num_merges: int
    pattern: str | None
    encoder: str
    is_lossless: bool
    losses: tuple[LossView, ...]
    special_tokens: tuple[SpecialTokenView, ...]
    chat_template: str | None


class TokenView(Spec):
    id: int
    text: str
    hex: str
    is_special: bool


class PlacedTokenView(TokenView):
    """`start`, `end`: the bytes of the text, in UTF-8, that it stands for."""

    start: int
    end: int


class EncodedView(Spec):
    model_config = _example(examples.ENCODED)

    ids: tuple[int, ...]
    tokens: tuple[PlacedTokenView, ...]
    num_bytes: int
    num_characters: int


class DecodedView(Spec):
    """`hex`: the exact bytes of the whole."""

    model_config = _example(examples.DECODED)

    text: str
    hex: str
    tokens: tuple[TokenView, ...]


class WordView(Spec):
    """`symbols`: what the merges begin with, as the vocabulary spells them; `base_ids`: their ids, -1 where one has none."""

    text: str
    hex: str
    symbols: tuple[str, ...]
    base_ids: tuple[int, ...]
    tokens: tuple[TokenView, ...]


class MergeView(Spec):
    """In word number `word` the symbols at `position` and after it become one.

    `left`, `right`: as the vocabulary spells them (`Ġ` is a space); `left_text`, `right_text`, `text`: as they read.
    `count`: how often the merge is made in the dataset, null without one.
    """

    rank: int
    word: int
    position: int
    left: str
    right: str
    left_text: str
    right_text: str
    left_id: int
    right_id: int
    id: int
    text: str
    count: int | None


class TraceView(Spec):
    """`merges`: in the order in which they were learned. `token_counts`: id -> how often the token is left over.

    `counted_bytes`: how much of the dataset was counted, from its beginning.
    """

    model_config = _example(examples.TRACED)

    words: tuple[WordView, ...]
    merges: tuple[MergeView, ...]
    ids: tuple[int, ...]
    counted_bytes: int
    token_counts: dict[str, int]


class IntervalView(Spec):
    """A value and the middle 95 % of its bootstrap; null where there are too few texts, or nothing to divide by."""

    value: float | None
    low: float | None
    high: float | None


class ComparisonRowView(Spec):
    """One tokenizer, by its `ref`, on one group of texts. `lost_share`: of their letters those that do not come back, 0 to 1."""

    tokenizer: str
    by: Literal["all", "script", "kind"]
    group: str
    num_texts: int
    num_bytes: int
    num_tokens: int
    lost_share: float
    bytes_per_token: IntervalView
    tokens_to_first: IntervalView


class ComparisonView(Spec):
    """`rows`: on the given texts; `probes`: on the short texts that every installation has, a group a kind."""

    model_config = _example(examples.COMPARED)

    rows: tuple[ComparisonRowView, ...]
    probes: tuple[ComparisonRowView, ...]


class VocabularyEntry(Spec):
    """`rank`: the merge that makes it; `parts`: the two ids merged; `num_within`: tokens that contain it.

    `depth`: merges from its bytes to it; `count`: how often it comes in the dataset, null without one.
    """

    token: TokenView
    num_bytes: int
    rank: int | None
    parts: tuple[int, int] | None
    num_within: int
    depth: int
    count: int | None


class VocabularyPage(Page[VocabularyEntry]):
    model_config = _example(examples.VOCABULARY)

    counted_bytes: int


class WhatIfRow(Spec):
    """A vocabulary of this size. `embedding_parameters`: embedding and head; `flops`: training once over the texts."""

    vocab_size: int
    num_tokens: int
    bytes_per_token: float
    embedding_parameters: int
    flops: float


class WhatIfView(Spec):
    """`dataset`: the artifact in which it was counted."""

    model_config = _example(examples.WHAT_IF)

    rows: tuple[WhatIfRow, ...]
    dataset: str
    counted_bytes: int


class ChatPieceView(Spec):
    """A stretch of the conversation; `is_trained`: a model learns to write it."""

    text: str
    is_trained: bool
    tokens: tuple[TokenView, ...]


class ChatView(Spec):
    """`ids` and `mask` are of one length: the tokens, and which of them a model learns to write."""

    model_config = _example(examples.CHAT)

    text: str
    pieces: tuple[ChatPieceView, ...]
    ids: tuple[int, ...]
    mask: tuple[bool, ...]
    num_tokens: int
    num_trained: int
    template: str
    vocab_size: int
