"""WordPiece, as in BERT: words are cut at spaces and signs, then into the longest known pieces from the left.

In: texts. Out: a tokenizer whose pieces inside a word are spelled with `##`. Pieces are learned as in BPE, by merging the
most frequent pair; used differently: the merges are forgotten, the longest piece that fits is taken.
Lost: how many spaces and which line ends there were, words with characters that the vocabulary lacks (they become
`[UNK]` whole), and capitals and accents if asked.
Unusual: the library's own trainer numbers its characters in another order in each process, so its result differs from run
to run. Ours is `glassworks.lm.tokenizer.bpe` on characters, and does not.
Source: Schuster & Nakajima (2012); Devlin et al., "BERT" (2019).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, field_validator
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers

from glassworks.lm.tokenizer.bpe import learn_merges
from glassworks.lm.tokenizer.bpe.counting import STRETCH
from glassworks.lm.tokenizer.trainers._special_tokens import check_spellings, special_tokens_field
from glassworks.lm.tokenizer.trainers.base import (
    Progress,
    TokenizerTrainer,
    TrainedTokenizer,
    no_progress,
)
from glassworks.specs.base import Config as BaseConfig

UNKNOWN = "[UNK]"
INSIDE = "##"


class WordPiece(TokenizerTrainer):
    """Longest known pieces of words, as in BERT."""

    class Config(BaseConfig):
        kind: Literal["wordpiece"] = Field(default="wordpiece", description="WordPiece.")
        vocab_size: int = Field(
            default=2048, ge=3, le=1_000_000, description="At most that many token ids."
        )
        min_frequency: int = Field(
            default=2, ge=1, description="A pair seen less often than this is never merged."
        )
        lowercase: bool = Field(
            default=False, description="Make all letters small and drop accents, as BERT uncased."
        )
        special_tokens: dict[str, str] = special_tokens_field()

        @field_validator("special_tokens")
        @classmethod
        def _check_specials(cls, specials: dict[str, str]) -> dict[str, str]:
            check_spellings(specials.values())
            if UNKNOWN in specials.values():
                raise ValueError(f"{UNKNOWN} is taken: it stands for unknown words")
            return specials

    @staticmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """The characters first, then the merged pieces in the order in which they were learned."""
        specials = list(config.special_tokens.values())
        normalizer = normalizers.BertNormalizer(lowercase=config.lowercase)
        words = _count_words(texts, normalizer)
        pieces = _learn_pieces(words, config, config.vocab_size - len(specials) - 1, progress)
        tokens = [*specials, UNKNOWN, *pieces]
        vocab = {token: id_ for id_, token in enumerate(tokens)}
        inner = Tokenizer(models.WordPiece(vocab=vocab, unk_token=UNKNOWN))
        inner.normalizer = normalizer
        inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        inner.decoder = decoders.WordPiece(prefix=INSIDE, cleanup=False)
        inner.add_special_tokens([AddedToken(token, special=True) for token in specials])
        return TrainedTokenizer(inner, dict(config.special_tokens))


def _count_words(texts: Iterator[str], normalizer: Any) -> Counter[str]:
    stretches: Counter[str] = Counter()
    for text in texts:
        stretches.update(STRETCH.findall(normalizer.normalize_str(text)))
    cutter = pre_tokenizers.BertPreTokenizer()
    words: Counter[str] = Counter()
    for stretch, count in stretches.items():
        for word, _ in cutter.pre_tokenize_str(stretch):
            words[word] += count
    return words


def _learn_pieces(words: Counter[str], config: Any, room: int, progress: Progress) -> list[str]:
    """At most `room` pieces: the most frequent characters, at the start of a word and inside, and what merges of them make."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for symbol in _symbols(word):
            counts[symbol] += count
    kept = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))[:room]
    spelling = sorted(kept)
    number = {symbol: index for index, symbol in enumerate(spelling)}
    known = {
        tuple(number[symbol] for symbol in _symbols(word)): count
        for word, count in words.items()
        if number.keys() >= set(_symbols(word))
    }
    total = room - len(spelling)
    pairs = learn_merges(
        known, len(spelling), total, config.min_frequency, lambda one: progress(one.number, total)
    )
    for left, right in pairs:
        spelling.append(spelling[left] + spelling[right].removeprefix(INSIDE))
    return spelling


def _symbols(word: str) -> list[str]:
    """`cat` as `c ##a ##t`."""
    return [word[0], *(INSIDE + character for character in word[1:])]
