"""How long documents are: least, most, mean, percentiles and a histogram, out of any number of lengths.

In: lengths, a few at a time. Out: a `LengthsSpec`. Unusual: how often each length occurs is remembered exactly up to
`MAX_DIFFERENT` different ones; from then on lengths are rounded down to 10 binary digits, so the table stays small.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal

from glassworks.specs.description import LengthBin, LengthsSpec

MAX_DIFFERENT = 65_536
KEPT_BITS = 10


class Lengths:
    """Collects lengths of one unit."""

    def __init__(self, unit: Literal["bytes", "tokens"]) -> None:
        self._unit = unit
        self._counts: Counter[int] = Counter()
        self._bins: Counter[int] = Counter()
        self.is_rounded = False
        self._min: int | None = None
        self._max = 0
        self.total = 0
        self.num = 0

    def add(self, lengths: Sequence[int]) -> None:
        if not lengths:
            return
        self.num += len(lengths)
        self.total += sum(lengths)
        least = min(lengths)
        self._min = least if self._min is None else min(self._min, least)
        self._max = max(self._max, *lengths)
        self._bins.update(length.bit_length() for length in lengths)
        self._counts.update(map(rounded, lengths) if self.is_rounded else lengths)
        if len(self._counts) > MAX_DIFFERENT and not self.is_rounded:
            self._round()

    def spec(self) -> LengthsSpec:
        if not self.num:
            return LengthsSpec(unit=self._unit, bins=())
        p10, median, p90 = self._percentiles((10, 50, 90))
        return LengthsSpec(
            unit=self._unit,
            bins=self._histogram(),
            min=self._min or 0,
            p10=p10,
            median=median,
            p90=p90,
            max=self._max,
            mean=round(self.total / self.num, 3),
        )

    def _round(self) -> None:
        self.is_rounded = True
        counts, self._counts = self._counts, Counter()
        for length, count in counts.items():
            self._counts[rounded(length)] += count

    def _percentiles(self, percents: Iterable[int]) -> list[int]:
        """The shortest length that at least so many percent of the documents do not exceed."""
        lengths = sorted(self._counts)
        sums = list(accumulate(self._counts[length] for length in lengths))
        return [
            next(
                length
                for length, sum_ in zip(lengths, sums, strict=True)
                if 100 * sum_ >= percent * self.num
            )
            for percent in percents
        ]

    def _histogram(self) -> tuple[LengthBin, ...]:
        """Bin b holds the lengths of b binary digits: 0, 1, 2 to 3, 4 to 7 ..."""
        return tuple(
            LengthBin(from_=(1 << bits) >> 1, to=1 << bits, count=self._bins[bits])
            for bits in range(min(self._bins), max(self._bins) + 1)
        )


def rounded(length: int) -> int:
    """The length with its `KEPT_BITS` highest binary digits; the others are 0."""
    spare = max(0, length.bit_length() - KEPT_BITS)
    return length >> spare << spare
