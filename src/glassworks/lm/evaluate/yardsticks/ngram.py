"""Counting: an n-gram model over token ids, smoothed by interpolated Kneser-Ney.

In: training and validation tokens. Out: the loss of one order up to `max_order`: the one that foresees the last tenth of the
training tokens best from the others. The validation text is only measured; it chooses nothing.

With h a context of k-1 tokens, h' the same without its first token, and m how often w followed h:

    p_k(w | h) = max(m(hw) - D_k, 0) / m(h) + D_k * (kinds of tokens after h) / m(h) * p_{k-1}(w | h')
    D_k = n1 / (n1 + 2 n2)      n1, n2: how many k-grams have m = 1, m = 2
    p_0 = 1 / vocabulary

At the highest order m counts occurrences; below it m counts in how many different contexts (one token longer) the
k-gram was seen, because "Francisco" is frequent, but only after "San". A context never seen leaves all to p_{k-1}.
Source: Kneser and Ney (1995); the interpolated form and D from Chen and Goodman (1998), section 4.

Unusual: no dictionary anywhere. Each k-gram gets a number (its rank among the sorted distinct ones), and a k-gram's key
is `number of its first k-1 tokens * vocabulary + last token`, so keys stay small at any order and numpy does the rest.

Legend: N tokens of a stream, U distinct k-grams.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from glassworks.common.errors import BadData
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.loss import Ids
from glassworks.lm.evaluate.yardsticks.base import Yardstick, YardstickReport, loss_of
from glassworks.specs.base import Config as BaseConfig

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
UNSEEN = -1
TAIL = 10
"""One part in so many of the counted tokens chooses the order."""


class NGram(Yardstick):
    """An n-gram model with interpolated Kneser-Ney smoothing."""

    class Config(BaseConfig):
        kind: Literal["ngram"] = Field(default="ngram", description="A smoothed n-gram model.")
        max_order: int = Field(
            default=5, ge=1, le=8, description="Longest n-gram; every order up to it is tried."
        )
        max_train_tokens: int = Field(
            default=5_000_000,
            ge=1,
            description="Training tokens that are counted, from the start (of each part of a mixture); 5 million take about 1 GB.",
        )

    @staticmethod
    def measure(config: Any, train: TokenReader, validation: TokenReader) -> YardstickReport:
        positions = train.head(config.max_train_tokens)
        counted = train.tokens_at(positions)
        best = best_order(counted, train.mask_at(positions), train.vocab_size, config.max_order)
        model = NGramModel(counted, train.vocab_size, config.max_order)
        stream = np.concatenate([[validation.end_id], validation.tokens()])
        losses = {
            order: loss_of(validation, -np.log(p_N[1:]))
            for order, p_N in model.probabilities(stream).items()
        }
        details = {
            "order": best,
            "train_tokens": len(counted),
            "bits_per_byte_by_order": {
                str(order): loss.bits_per_byte for order, loss in losses.items()
            },
        }
        return YardstickReport(
            kind=config.kind, label=f"{best}-gram", loss=losses[best], details=details
        )


def best_order(counted_N: Ids, is_trained_N: Mask, vocab_size: int, max_order: int) -> int:
    """The order with the least loss on the last tenth of the counted tokens, learned from those before it."""
    num_before = len(counted_N) - len(counted_N) // TAIL
    is_judged_N = is_trained_N[num_before:]
    if not is_judged_N.any():
        return min(max_order, len(counted_N))
    model = NGramModel(counted_N[:num_before], vocab_size, max_order)
    begin = max(0, num_before - max_order)
    found = model.probabilities(counted_N[begin:])
    losses = {
        order: -np.log(p_N[num_before - begin :][is_judged_N]).mean()
        for order, p_N in found.items()
    }
    return min(losses, key=lambda order: losses[order])


@dataclass(frozen=True)
class Level:
    """The distinct k-grams. `keys_U` sorted; `seen_U` occurrences; `prefix_U` number of the first k-1 tokens.

    `contexts_U`: in how many different one-token-longer k-grams each is the end (empty at the highest order).
    """

    keys_U: Ids
    seen_U: Ids
    prefix_U: Ids
    num_prefixes: int
    contexts_U: Ids


class NGramModel:
    """Counts of all orders up to `max_order`. Raises BadData for no tokens."""

    def __init__(self, tokens_N: Ids, vocab_size: int, max_order: int) -> None:
        if not len(tokens_N):
            raise BadData("nothing-to-measure", "There is no token to count.", "Import more text.")
        self.vocab_size = vocab_size
        self.max_order = min(max_order, len(tokens_N))
        self._levels = _count(tokens_N, vocab_size, self.max_order)

    def probabilities(self, stream_N: Ids) -> dict[int, Floats]:
        """Order -> p(token | those before it) for every token of `stream_N`."""
        found: dict[int, Floats] = {}
        lower_N = np.full(len(stream_N), 1 / self.vocab_size)
        numbers_N = np.zeros(len(stream_N), dtype=np.int64)
        for order, level in enumerate(self._levels, start=1):
            before_N = np.concatenate([[UNSEEN if order > 1 else 0], numbers_N[:-1]])
            numbers_N = _look_up(level, before_N, stream_N, self.vocab_size)
            found[order] = _interpolate(level, level.seen_U, before_N, numbers_N, lower_N)
            if order < self.max_order:
                lower_N = _interpolate(level, level.contexts_U, before_N, numbers_N, lower_N)
        return found


def _count(tokens_N: Ids, vocab_size: int, max_order: int) -> list[Level]:
    """Level after level, each from the numbers that the one before gave to the stream's k-grams."""
    levels: list[Level] = []
    ends_at_N = np.zeros(len(tokens_N), dtype=np.int64)  # number of the (k-1)-gram that ends here
    num_prefixes = 1
    for order in range(1, max_order + 1):
        first = order - 1
        before = ends_at_N[first - 1 : -1] if first else ends_at_N
        keys = before * vocab_size + tokens_N[first:]
        keys_U, where_U, numbers, seen_U = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        if levels:
            suffix_U = ends_at_N[first:][where_U]
            contexts = np.bincount(suffix_U, minlength=num_prefixes)
            levels[-1] = _with_contexts(levels[-1], contexts)
        levels.append(Level(keys_U, seen_U, keys_U // vocab_size, num_prefixes, seen_U[:0]))
        ends_at_N = np.concatenate([np.full(first, UNSEEN), numbers])
        num_prefixes = len(keys_U)
    return levels


def _with_contexts(level: Level, contexts_U: Ids) -> Level:
    return Level(level.keys_U, level.seen_U, level.prefix_U, level.num_prefixes, contexts_U)


def _look_up(level: Level, before_N: Ids, stream_N: Ids, vocab_size: int) -> Ids:
    """Number of the k-gram that ends at each place of a stream, UNSEEN where training had none such."""
    keys_N = before_N * vocab_size + stream_N
    places_N = np.minimum(np.searchsorted(level.keys_U, keys_N), len(level.keys_U) - 1)
    is_seen_N = (before_N != UNSEEN) & (level.keys_U[places_N] == keys_N)
    return np.where(is_seen_N, places_N, UNSEEN)


def _interpolate(
    level: Level, count_U: Ids, before_N: Ids, numbers_N: Ids, lower_N: Floats
) -> Floats:
    """p_k of the head of this module, with `count_U` as m."""
    discount = discount_of(count_U)
    total_P = np.bincount(level.prefix_U, weights=count_U, minlength=level.num_prefixes)
    kinds_P = np.bincount(level.prefix_U, weights=count_U > 0, minlength=level.num_prefixes)
    has_context_N = (before_N != UNSEEN) & (total_P[before_N] > 0)
    total_N = np.where(has_context_N, total_P[before_N], 1.0)
    kinds_N = np.where(has_context_N, kinds_P[before_N], 0.0)
    count_N = np.where(numbers_N != UNSEEN, count_U[numbers_N], 0)
    direct_N = np.maximum(count_N - discount, 0) / total_N
    mixed: Floats = direct_N + discount * kinds_N / total_N * lower_N
    return np.where(has_context_N, mixed, lower_N)


def discount_of(count_U: Ids) -> float:
    """D = n1 / (n1 + 2 n2), or 0.5 where a text is too small to have both."""
    once, twice = int(np.sum(count_U == 1)), int(np.sum(count_U == 2))
    return once / (once + 2 * twice) if once and twice else 0.5
