"""Tokenizers side by side on the same texts: tokens, and bytes per token, by script and kind of text, with intervals.

In: tokenizers by name, and texts. Out: a row for each tokenizer and group of texts.
The intervals are bootstrap intervals over texts: texts are drawn again, with replacement, a thousand times, and the middle
95 % of the results are given. The same draws serve every tokenizer, so a ratio to the first one compares like with like.
Fewer than `MIN_TEXTS` texts give no interval. A tokenizer that makes one unknown token of a word, or drops it, has many bytes per
token where it reads nothing; so each row says which share of the letters does not come back.
Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993).
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from glassworks.lm.tokenizer.analysis.texts import kind_of_text, script_of
from glassworks.lm.tokenizer.tokenizer import Tokenizer
from glassworks.specs.base import Spec

MIN_TEXTS = 5
NUM_DRAWS = 1_000
Counts = npt.NDArray[np.int64]


class Interval(Spec):
    """A value with the middle 95 % of its bootstrap, None where there are too few texts.

    value: None where it would be divided by zero: a tokenizer may drop every character that it does not know. low, high: None also
    where a draw would be.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


class ComparisonRow(Spec):
    """One tokenizer on one group of texts.

    lost_share: of the characters that are no white space those that are not there any more after decoding, capitals and accents
    apart, 0 to 1. tokens_to_first: its tokens divided by those of the first tokenizer.
    """

    tokenizer: str
    by: Literal["all", "script", "kind"]
    group: str
    num_texts: int
    num_bytes: int
    num_tokens: int
    lost_share: float
    bytes_per_token: Interval
    tokens_to_first: Interval


def compare(tokenizers: Mapping[str, Tokenizer], texts: Sequence[str]) -> tuple[ComparisonRow, ...]:
    """Rows for all texts, then for each script, then for each kind of text. Texts without a byte are left out."""
    texts = [text for text in texts if text]
    sizes = np.array([len(text.encode()) for text in texts], dtype=np.int64)
    tokens = {name: _count(tokenizer, texts) for name, tokenizer in tokenizers.items()}
    letters = np.array([_letters(text).total() for text in texts], dtype=np.int64)
    lost = {name: _count_lost(tokenizer, texts) for name, tokenizer in tokenizers.items()}
    rows = []
    for by, group, chosen in _groups(texts):
        draws = _draws(len(chosen))
        first = next(iter(tokens.values()))[chosen]
        for name, counts in tokens.items():
            rows.append(
                ComparisonRow(
                    tokenizer=name,
                    by=by,
                    group=group,
                    num_texts=len(chosen),
                    num_bytes=int(sizes[chosen].sum()),
                    num_tokens=int(counts[chosen].sum()),
                    lost_share=float(lost[name][chosen].sum() / max(1, letters[chosen].sum())),
                    bytes_per_token=_ratio(sizes[chosen], counts[chosen], draws),
                    tokens_to_first=_ratio(counts[chosen], first, draws),
                )
            )
    return tuple(rows)


def _count(tokenizer: Tokenizer, texts: Sequence[str]) -> Counts:
    return np.array([len(ids) for ids in tokenizer.encode_many(texts)], dtype=np.int64)


def _count_lost(tokenizer: Tokenizer, texts: Sequence[str]) -> Counts:
    """Of each text the characters that do not come back, in any order."""
    if tokenizer.is_lossless:
        return np.zeros(len(texts), dtype=np.int64)
    back = (tokenizer.decode(ids) for ids in tokenizer.encode_many(texts))
    pairs = zip(texts, back, strict=True)
    lost = [(_letters(text) - _letters(again)).total() for text, again in pairs]
    return np.array(lost, dtype=np.int64)


def _letters(text: str) -> Counter[str]:
    """How often each character stands in it, without white space, capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return Counter(c for c in plain if not (c.isspace() or unicodedata.combining(c)))


def _groups(
    texts: Sequence[str],
) -> list[tuple[Literal["all", "script", "kind"], str, Counts]]:
    if not texts:
        return []
    groups: list[tuple[Literal["all", "script", "kind"], str, Counts]] = [
        ("all", "all", np.arange(len(texts)))
    ]
    scripts = np.array([script_of(text) for text in texts])
    kinds = np.array([kind_of_text(text) for text in texts])
    groups += [("script", str(s), np.flatnonzero(scripts == s)) for s in np.unique(scripts)]
    groups += [("kind", str(k), np.flatnonzero(kinds == k)) for k in np.unique(kinds)]
    return groups


def _draws(num_texts: int) -> Counts | None:
    """Which texts each draw takes, `[draws, texts]`; always the same for the same number of texts."""
    if num_texts < MIN_TEXTS:
        return None
    return np.random.default_rng(num_texts).integers(0, num_texts, (NUM_DRAWS, num_texts))


def _ratio(above: Counts, below: Counts, draws: Counts | None) -> Interval:
    if below.sum() == 0:
        return Interval(value=None)
    value = float(above.sum() / below.sum())
    if draws is None or not (drawn_below := below[draws].sum(axis=1)).all():
        return Interval(value=value)
    drawn = above[draws].sum(axis=1) / drawn_below
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(value=value, low=float(low), high=float(high))
