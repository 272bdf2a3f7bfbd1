"""Byte-level BPE: start from the 256 bytes and merge, again and again, the pair of neighbors seen most often.

In: texts. Out: a tokenizer that can spell any text. Words are cut first (a word takes the space before it along), so
no merge crosses a word's border. Unusual: special tokens take the first ids. A merge is learned after all merges that
stand before it, so a smaller vocabulary is the beginning of a larger one: that is how `fit: text` shrinks it.

Two programs do the learning: the fast trainer of the `tokenizers` library, and the readable one of
`glassworks.lm.tokenizer.bpe`. They give the same tokenizer, byte for byte. The readable one tells its merges as it learns
them; of the library's the growth is told afterwards, counted on the beginning of the text.
Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016); bytes as in GPT-2 (2019).
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import Field, model_validator
from tokenizers import AddedToken, Tokenizer, models

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE
from glassworks.lm.tokenizer.growth import OnGrowth
from glassworks.lm.tokenizer.layout import on_bytes
from glassworks.lm.tokenizer.trainers import _byte_merges as learning
from glassworks.lm.tokenizer.trainers._byte_merges import Merges, Texts
from glassworks.lm.tokenizer.trainers._special_tokens import check_byte_level, special_tokens_field
from glassworks.lm.tokenizer.trainers.base import (
    Progress,
    TokenizerTrainer,
    TrainedTokenizer,
    no_progress,
)
from glassworks.specs.base import DISPLAY_ONLY
from glassworks.specs.base import Config as BaseConfig

BYTES_PER_MERGE = 100
"""With `fit: text`: a merge that is learned from less text than this is hardly seen again."""


class ByteBPE(TokenizerTrainer):
    """Byte-level BPE, learned from the text."""

    class Config(BaseConfig):
        kind: Literal["byte_bpe"] = Field(default="byte_bpe", description="Byte-level BPE.")
        vocab_size: int = Field(
            default=2048,
            ge=2,
            le=1_000_000,
            description="Number of token ids: the special tokens, the 256 bytes, and the merges.",
        )
        fit: Literal["exact", "text"] = Field(
            default="exact",
            description="exact: that many tokens or an error. text: fewer for a small text, one merge "
            "for each 100 bytes, and no error.",
        )
        min_frequency: int = Field(
            default=2, ge=1, description="A pair seen less often than this is never merged."
        )
        special_tokens: dict[str, str] = special_tokens_field()
        implementation: Literal["auto", "fast", "readable"] = Field(
            default="auto",
            description="Which program learns: the tokenizers library, or the one written to be read, "
            "which tells each merge as it is learned. Both give the same tokenizer. auto: the readable "
            "one for a text of at most 2 MB.",
            json_schema_extra=DISPLAY_ONLY,
        )

        @model_validator(mode="after")
        def _check_sizes(self) -> "ByteBPE.Config":
            check_byte_level(self.vocab_size, self.special_tokens.values())
            return self

    tells_growth = True

    @staticmethod
    def train(
        config: Any,
        texts: Iterator[str],
        progress: Progress = no_progress,
        on_growth: OnGrowth | None = None,
    ) -> TrainedTokenizer:
        """Raises InvalidSpec when the text has too few pairs for the vocabulary that was asked for."""
        spelled = _learn(config, Texts(texts), progress, on_growth)
        if config.fit == "exact":
            _check_is_full(256 + len(config.special_tokens) + len(spelled), config)
        inner = byte_level_tokenizer(list(config.special_tokens.values()), spelled)
        return TrainedTokenizer(inner, dict(config.special_tokens))


def byte_level_tokenizer(specials: list[str], merges: list[tuple[str, str]]) -> Tokenizer:
    """The tokenizer with these merges: special tokens first, then the bytes by their character, then the merges."""
    tokens = [*specials, *sorted(CHARACTER_OF_BYTE), *(left + right for left, right in merges)]
    vocab = {token: id_ for id_, token in enumerate(tokens)}
    inner = on_bytes(models.BPE(vocab=vocab, merges=merges))
    inner.add_special_tokens([AddedToken(token, special=True) for token in specials])
    return inner


def _learn(config: Any, texts: Texts, progress: Progress, on_growth: OnGrowth | None) -> Merges:
    """The merges, learned by the program that the settings or the text choose."""
    stretches: learning.Stretches | None = None
    stream: Iterable[str] = texts
    if config.implementation == "auto":
        stretches, stream = learning.choose(texts)
    elif config.implementation == "readable":
        stretches = learning.count_stretches(texts)
    if stretches is not None:
        total = _room(config, texts)
        return learning.learn_readably(config, stretches, total, progress, on_growth)
    merges = learning.learn_fast(config, stream)[: _room(config, texts)]
    if on_growth is not None:
        learning.tell_afterwards(merges, texts, on_growth)
    return merges


def _room(config: Any, texts: Texts) -> int:
    """How many merges there may be, once the texts have been read."""
    room: int = config.vocab_size - 256 - len(config.special_tokens)
    return min(room, texts.num_bytes // BYTES_PER_MERGE) if config.fit == "text" else room


def _check_is_full(num_tokens: int, config: Any) -> None:
    if num_tokens == 256 + len(config.special_tokens) < config.vocab_size:
        raise BadData(
            "no-merges",
            f"The text has no pair of characters that comes at least {config.min_frequency} times.",
            "Import more text.",
        )
    if num_tokens < config.vocab_size:
        raise InvalidSpec(
            "vocab-too-large",
            f"The text yields {num_tokens:,} tokens, not the {config.vocab_size:,} asked for.",
            f"Set vocab_size to {num_tokens} or less, or import more text.",
            "trainer.vocab_size",
        )
