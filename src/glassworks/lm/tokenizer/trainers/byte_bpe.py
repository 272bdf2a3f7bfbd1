"""Byte-level BPE: start from the 256 bytes and merge, again and again, the pair of neighbors seen most often.

In: texts. Out: a tokenizer that can spell any text. Words are cut first (a word takes the space before it along), so
no merge crosses a word's border. Unusual: special tokens take the first ids. A merge is learned after all merges that
stand before it, so a smaller vocabulary is the beginning of a larger one: that is how `fit: text` shrinks it.

Two programs do the learning: the fast trainer of the `tokenizers` library, and the readable one of
`glassworks.lm.tokenizer.bpe`. They give the same tokenizer, byte for byte.
Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016); bytes as in GPT-2 (2019).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import Field, model_validator
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.tokenizer.bpe import count_pieces, learn_merges
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE, to_characters
from glassworks.lm.tokenizer.layout import merges_of
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
PORTION_CHARACTERS = 1000
BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")


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
        implementation: Literal["fast", "readable"] = Field(
            default="fast",
            description="Which program learns: the tokenizers library, or the one written to be read, "
            "which tells each merge as it is learned. Both give the same tokenizer.",
            json_schema_extra=DISPLAY_ONLY,
        )

        @model_validator(mode="after")
        def _check_sizes(self) -> "ByteBPE.Config":
            check_byte_level(self.vocab_size, self.special_tokens.values())
            return self

    @staticmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """Raises InvalidSpec when the text has too few pairs for the vocabulary that was asked for."""
        counted = _Counted(texts)
        if config.implementation == "fast":
            spelled = _learn_fast(config, counted)
        else:
            spelled = _learn_readably(config, counted, progress)
        if config.fit == "text":
            spelled = spelled[: counted.num_bytes // BYTES_PER_MERGE]
        else:
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


def on_bytes(model: Any) -> Tokenizer:
    """A model whose text is cut as GPT-2 cuts it and spelled as bytes, with the way back."""
    inner = Tokenizer(model)
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    return inner


def _learn_fast(config: Any, texts: "_Counted") -> list[tuple[str, str]]:
    """The merges as the library learns them."""
    inner = byte_level_tokenizer([], [])
    trainer = trainers.BpeTrainer(
        vocab_size=config.vocab_size,
        min_frequency=config.min_frequency,
        special_tokens=list(config.special_tokens.values()),
        initial_alphabet=list(CHARACTER_OF_BYTE),
        show_progress=False,
    )
    inner.train_from_iterator(_in_portions(texts), trainer)
    return merges_of(inner)


def _in_portions(texts: Iterable[str]) -> Iterator[str]:
    """The texts, cut where one blank divides two words: no piece crosses it, and the library is faster at short texts."""
    for text in texts:
        at = 0
        while at < len(text):
            found = BETWEEN_WORDS.search(text, at + PORTION_CHARACTERS)
            end = found.start() if found else len(text)
            yield text[at:end]
            at = end


def _learn_readably(config: Any, texts: "_Counted", progress: Progress) -> list[tuple[str, str]]:
    """The merges as our own trainer learns them. A byte's number is its place among the characters."""
    spelling = sorted(CHARACTER_OF_BYTE)
    number = {character: index for index, character in enumerate(spelling)}
    words = {
        tuple(number[character] for character in to_characters(piece.encode())): count
        for piece, count in count_pieces(texts).items()
    }
    total = config.vocab_size - 256 - len(config.special_tokens)
    pairs = learn_merges(
        words, 256, total, config.min_frequency, lambda done: progress(done, total)
    )
    merges = []
    for left, right in pairs:
        merges.append((spelling[left], spelling[right]))
        spelling.append(spelling[left] + spelling[right])
    return merges


class _Counted:
    """Texts passed on, their bytes counted."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self.num_bytes = 0

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            self.num_bytes += len(text.encode())
            yield text


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
