"""Byte-level BPE: start from the 256 bytes and merge, again and again, the pair of neighbors seen most often.

In: texts. Out: a tokenizer that can spell any text. Words are cut first (a word takes the space before it along), so
no merge crosses a word's border. Unusual: special tokens take the first ids. A merge is learned after all merges that
stand before it, so a smaller vocabulary is the beginning of a larger one: that is how `fit: text` shrinks it.
Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016); bytes as in GPT-2 (2019).
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.tokenizer.byte_alphabet import CHARACTER_OF_BYTE
from glassworks.lm.tokenizer.trainers.base import TokenizerTrainer, TrainedTokenizer
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
        special_tokens: dict[str, str] = Field(
            default={"end": "<|end|>"},
            description="Special tokens by role: what each is called when it is shown.",
        )

        @model_validator(mode="after")
        def _check_sizes(self) -> "ByteBPE.Config":
            spellings = list(self.special_tokens.values())
            if len(set(spellings)) < len(spellings) or "" in spellings:
                raise ValueError("each special token needs a spelling of its own")
            needed = 256 + len(spellings)
            if self.vocab_size < needed:
                raise ValueError(
                    f"a vocabulary of {self.vocab_size} is too small: 256 bytes and "
                    f"{len(spellings)} special tokens need {needed}"
                )
            return self

    @staticmethod
    def train(config: Any, texts: Iterator[str]) -> TrainedTokenizer:
        """Raises InvalidSpec when the text has too few pairs for the vocabulary that was asked for."""
        inner = Tokenizer(models.BPE())
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        inner.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=config.vocab_size,
            min_frequency=config.min_frequency,
            special_tokens=list(config.special_tokens.values()),
            initial_alphabet=list(CHARACTER_OF_BYTE),
            show_progress=False,
        )
        counted = _Counted(texts)
        inner.train_from_iterator(counted, trainer)
        if config.fit == "text":
            num_base = 256 + len(config.special_tokens)
            inner = _first_merges(inner, num_base, counted.num_bytes // BYTES_PER_MERGE)
        else:
            _check_is_full(inner.get_vocab_size(), config)
        return TrainedTokenizer(inner, dict(config.special_tokens))


class _Counted:
    """Texts passed on, their bytes counted."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self.num_bytes = 0

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            self.num_bytes += len(text.encode())
            yield text


def _first_merges(inner: Any, num_base: int, num_merges: int) -> Any:
    """The same tokenizer with no more than its first `num_merges` merges."""
    if inner.get_vocab_size() <= num_base + num_merges:
        return inner
    document = json.loads(inner.to_str())
    model = document["model"]
    model["merges"] = model["merges"][:num_merges]
    last = num_base + num_merges
    model["vocab"] = {token: i for token, i in model["vocab"].items() if i < last}
    return Tokenizer.from_str(json.dumps(document))


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
