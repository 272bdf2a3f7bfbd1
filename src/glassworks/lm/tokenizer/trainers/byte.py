"""One token a byte: nothing is learned, nothing is lost, and sequences are as long as they can be.

In: no text is needed. Out: a tokenizer of 256 bytes and the special tokens. The other end of the scale from a large
vocabulary: the embedding is tiny, and the model has to learn what a letter beyond ASCII is made of.
Source: Xue et al., "ByT5" (2022).
"""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, field_validator

from glassworks.lm.tokenizer.trainers._special_tokens import check_spellings, special_tokens_field
from glassworks.lm.tokenizer.trainers.base import (
    Progress,
    TokenizerTrainer,
    TrainedTokenizer,
    no_progress,
)
from glassworks.lm.tokenizer.trainers.byte_bpe import byte_level_tokenizer
from glassworks.specs.base import Config as BaseConfig


class Byte(TokenizerTrainer):
    """One token a byte."""

    class Config(BaseConfig):
        kind: Literal["byte"] = Field(default="byte", description="One token a byte.")
        special_tokens: dict[str, str] = special_tokens_field()

        @field_validator("special_tokens")
        @classmethod
        def _check_specials(cls, specials: dict[str, str]) -> dict[str, str]:
            check_spellings(specials.values())
            return specials

    @staticmethod
    def vocab_size(config: Any) -> int:
        return 256 + len(config.special_tokens)

    @staticmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """The texts are not read: the vocabulary is fixed."""
        inner = byte_level_tokenizer(list(config.special_tokens.values()), [])
        return TrainedTokenizer(inner, dict(config.special_tokens))
