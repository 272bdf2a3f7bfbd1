"""One token a character, for the characters that the text has.

In: texts. Out: a tokenizer of the most frequent characters. A character that the texts did not have (or one too rare for
the vocabulary) becomes the replacement character U+FFFD: what it was is lost. Nothing else is.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, field_validator
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

from glassworks.lm.tokenizer.trainers._special_tokens import check_spellings, special_tokens_field
from glassworks.lm.tokenizer.trainers.base import (
    Progress,
    TokenizerTrainer,
    TrainedTokenizer,
    no_progress,
)
from glassworks.specs.base import Config as BaseConfig

UNKNOWN = "\ufffd"


class Character(TokenizerTrainer):
    """One token a character."""

    class Config(BaseConfig):
        kind: Literal["character"] = Field(
            default="character", description="One token a character."
        )
        vocab_size: int = Field(
            default=1024,
            ge=2,
            le=1_000_000,
            description="At most that many token ids; rarer characters are told apart no more.",
        )
        special_tokens: dict[str, str] = special_tokens_field()

        @field_validator("special_tokens")
        @classmethod
        def _check_specials(cls, specials: dict[str, str]) -> dict[str, str]:
            check_spellings(specials.values())
            if any(len(spelling) == 1 for spelling in specials.values()):
                raise ValueError("a special token must be longer than one character")
            return specials

    @staticmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """Characters get their ids by frequency, the most frequent first."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(text)
        del counts[UNKNOWN]
        specials = list(config.special_tokens.values())
        by_frequency = sorted(counts, key=lambda character: (-counts[character], character))
        tokens = [*specials, UNKNOWN, *by_frequency][: max(config.vocab_size, len(specials) + 1)]
        vocab = {token: id_ for id_, token in enumerate(tokens)}
        inner = Tokenizer(models.WordLevel(vocab=vocab, unk_token=UNKNOWN))
        inner.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
        inner.decoder = decoders.Fuse()
        inner.add_special_tokens([AddedToken(token, special=True) for token in specials])
        return TrainedTokenizer(inner, dict(config.special_tokens))
