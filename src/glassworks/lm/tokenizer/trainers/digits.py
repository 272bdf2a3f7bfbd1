"""A fixed vocabulary for arithmetic: one token a digit, one a sign, nothing learned.

In: no text is needed. Out: a tokenizer that spells digits and signs only, and refuses every other character. One token
a digit lets a model line up the columns of a sum.
"""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, field_validator
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from glassworks.lm.tokenizer.byte_alphabet import to_characters
from glassworks.lm.tokenizer.trainers.base import (
    Progress,
    TokenizerTrainer,
    TrainedTokenizer,
    no_progress,
)
from glassworks.specs.base import Config as BaseConfig

DIGITS = "0123456789"
END = "<|end|>"


class Digits(TokenizerTrainer):
    """Digits and a few signs, one token each."""

    class Config(BaseConfig):
        kind: Literal["digits"] = Field(default="digits", description="Digits and signs.")
        signs: str = Field(default="+-*=", description="The other characters, one token each.")

        @field_validator("signs")
        @classmethod
        def _check_signs(cls, signs: str) -> str:
            if len(set(DIGITS + signs)) < len(DIGITS + signs) or not signs.isascii():
                raise ValueError("signs must be different ASCII characters and no digits")
            return signs

    @staticmethod
    def vocab_size(config: Any) -> int:
        return 1 + len(DIGITS + config.signs)  # the first is the end

    @staticmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """The texts are not read: the vocabulary is fixed."""
        characters = to_characters((DIGITS + config.signs).encode())
        vocab = {END: 0} | {character: 1 + i for i, character in enumerate(characters)}
        inner = Tokenizer(models.BPE(vocab=vocab, merges=[]))
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        inner.decoder = decoders.ByteLevel()
        inner.add_special_tokens([END])
        return TrainedTokenizer(inner, {"end": END})
