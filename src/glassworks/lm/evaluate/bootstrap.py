"""How far a figure on held-out text could be off because it was measured on this text and no other.

In: for each part of the text (a document, or a window where there are few documents) what was summed over it. Out: the lowest
and highest value that the ratio of two sums takes when such parts are drawn anew, 95 times in 100. The text is drawn, not
the model: another seed of training is another matter. Tokens of one part hang together, so parts are drawn, not tokens.

    draw U of the U parts, with replacement;  ratio = sum of numerators / sum of denominators;  1,000 times;
    interval = the 2.5th and the 97.5th percentile of the ratios

Unusual: the draws come from a stream of their own with a fixed seed, so equal figures have equal intervals. Many parts are
first put together with their neighbors. Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13;
parts for tokens: Koehn, Statistical Significance Tests for Machine Translation Evaluation (2004).

Legend: U parts, R draws.
"""

import numpy as np
import numpy.typing as npt

NUM_DRAWS = 1000
MOST_PARTS = 2048
"""More parts than this are put together with their neighbors: a percentile needs no more."""
SEED = 95
TAILS = (2.5, 97.5)
Sums = npt.NDArray[np.float64]
Draws = npt.NDArray[np.int64]


def draw_parts(num_parts: int) -> Draws:
    """draws_RU: how often each part is in each draw. Equal numbers of parts give equal draws."""
    random = np.random.Generator(np.random.Philox(key=[SEED, num_parts]))
    picked_RU = random.integers(0, num_parts, size=(NUM_DRAWS, num_parts))
    picked_RU += num_parts * np.arange(NUM_DRAWS)[:, None]
    counts = np.bincount(picked_RU.ravel(), minlength=NUM_DRAWS * num_parts)
    return counts.reshape(NUM_DRAWS, num_parts)


def put_together(sums_UK: Sums) -> Sums:
    """At most `MOST_PARTS` rows: neighbors are added."""
    num_parts = len(sums_UK)
    if num_parts <= MOST_PARTS:
        return sums_UK
    edges = np.arange(MOST_PARTS) * num_parts // MOST_PARTS
    return np.add.reduceat(sums_UK, edges, axis=0)


def ratio_interval(
    draws_RU: Draws, numerators_U: Sums, denominators_U: Sums
) -> tuple[float, float]:
    """Lowest and highest ratio of the sums, 95 %; draws in which nothing is counted are left out."""
    above, below = draws_RU @ numerators_U, draws_RU @ denominators_U
    is_counted = below > 0
    low, high = np.percentile(above[is_counted] / below[is_counted], TAILS)
    return float(low), float(high)
