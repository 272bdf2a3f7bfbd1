"""Unigram: every piece has a probability, and a word is cut so that the product of its pieces is the most probable.

In: texts. Out: a tokenizer on bytes, so nothing is lost. Learning goes from many pieces to few: all frequent stretches are
candidates, and those that the texts miss least are dropped, again and again.
Unusual: this is the library's trainer, and its last digits differ from run to run, because it adds up in the order of a
hash table. Scores are rounded and tokens ordered afterwards, so that the same texts give the same tokenizer. The published
models on Unigram (T5, XLNet) work on characters instead of bytes; those lose characters that they have not seen.
Source: Kudo, "Subword Regularization" (2018).
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator
from tokenizers import AddedToken, models, trainers

from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE
from glassworks.lm.tokenizer.layout import on_bytes
from glassworks.lm.tokenizer.trainers._special_tokens import check_byte_level, special_tokens_field
from glassworks.lm.tokenizer.trainers.base import (
    Progress,
    TokenizerTrainer,
    TrainedTokenizer,
    no_progress,
)
from glassworks.specs.base import Config as BaseConfig

SCORE_DIGITS = 6
UNSEEN = 256 * 0.0001
"""The library gives bytes that it did not need the lowest scores, in steps of 0.0001 and in no order."""


class Unigram(TokenizerTrainer):
    """Most probable pieces."""

    class Config(BaseConfig):
        kind: Literal["unigram"] = Field(default="unigram", description="Unigram, on bytes.")
        vocab_size: int = Field(
            default=2048,
            ge=2,
            le=1_000_000,
            description="At most that many token ids: the special tokens, the 256 bytes, and pieces.",
        )
        special_tokens: dict[str, str] = special_tokens_field()

        @model_validator(mode="after")
        def _check_sizes(self) -> "Unigram.Config":
            check_byte_level(self.vocab_size, self.special_tokens.values())
            return self

    @staticmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """Special tokens first, then pieces by their probability."""
        specials = list(config.special_tokens.values())
        scores = _learn_scores(config, texts)
        pieces = sorted(scores.items(), key=lambda piece: (-piece[1], piece[0]))
        inner = on_bytes(models.Unigram([*((token, 0.0) for token in specials), *pieces]))
        inner.add_special_tokens([AddedToken(token, special=True) for token in specials])
        return TrainedTokenizer(inner, dict(config.special_tokens))


def _learn_scores(config: Any, texts: Iterator[str]) -> dict[str, float]:
    """Piece -> logarithm of its probability, the same in every run."""
    inner = on_bytes(models.Unigram())
    trainer = trainers.UnigramTrainer(
        vocab_size=config.vocab_size - len(config.special_tokens),
        initial_alphabet=list(CHARACTER_OF_BYTE),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    found: dict[str, float] = dict(json.loads(inner.to_str())["model"]["vocab"])
    lowest = min(found.values())
    return {
        piece: round(
            lowest if len(piece) == 1 and score <= lowest + UNSEEN else score, SCORE_DIGITS
        )
        for piece, score in found.items()
    }
