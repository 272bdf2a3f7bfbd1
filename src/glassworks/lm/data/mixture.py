"""Which window of a token set is read at which place of a training run, for one set and for a mixture of several.

In: the parts of the stream (name, tokens, weight, most epochs) and a window's length. Out: for any places, where their windows start.
Unusual: this is a pure function of (seed, place), so a run that goes on somewhere reads on exactly there.

Shares are kept exactly, not by chance: in each period of `PERIOD` places every part has a fixed number of places, spread
evenly, so a batch holds the parts in their shares too. The k-th place of a part reads the k-th window of that part; each of its
epochs visits every window once, in an order drawn from Philox, a counter-based generator, keyed by seed, part and epoch. A
part that has been read `max_epochs` times leaves; from that place on (a new phase) the others share in proportion to their weights.

Letters: L places of a period, P parts.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from glassworks.common.errors import BadData, InvalidSpec

PERIOD = 4096
"""Places in which the shares come out even: a share is right to one in so many."""

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """A stretch of the stream. Only the proportion of the weights counts; `max_epochs` None: as often as it takes."""

    name: str
    num_tokens: int
    weight: float = 1.0
    max_epochs: float | None = None


@dataclass(frozen=True)
class Reading:
    """How much of a part is read: windows, how often each on average, and the part's share of all that is read."""

    name: str
    num_windows: int
    epochs: float
    share: float


@dataclass(frozen=True)
class Phase:
    """A stretch of places with one pattern. `before_P`: windows of each part that were read before `first`."""

    first: int
    pattern_L: Ids
    rank_L: Ids
    quota_P: Ids
    before_P: Ids

    def read(self, num_places: int) -> Ids:
        """Windows of each part that are read up to `num_places` places into this phase, earlier phases included."""
        periods, rest = divmod(num_places, PERIOD)
        some_P = np.bincount(self.pattern_L[:rest], minlength=len(self.quota_P))
        return self.before_P + periods * self.quota_P + some_P

    def place_of(self, part: int, number: int) -> int:
        """The place, from this phase's first one, at which window `number` (from 0) of a part is read."""
        periods, rest = divmod(number, int(self.quota_P[part]))
        return periods * PERIOD + int(np.flatnonzero(self.pattern_L == part)[rest])


class Mixture:
    """The order of windows of `context` tokens. Raises BadData for a part that is shorter than one window."""

    def __init__(self, parts: tuple[Part, ...], context: int, where: str = "") -> None:
        self.parts = parts
        self._context = context
        self.num_windows_P = np.array([_num_windows(part, context, where) for part in parts])
        self._begins_P = np.cumsum([0, *(part.num_tokens for part in parts[:-1])])
        self._limits = [
            None if part.max_epochs is None else max(1, int(part.max_epochs * num_windows))
            for part, num_windows in zip(parts, self.num_windows_P.tolist(), strict=True)
        ]
        self._phases, self.num_places = self._plan()
        self._firsts = np.array([phase.first for phase in self._phases])

    num_places: int | None
    """How many windows there are to read in all; None: without end."""

    def starts(self, seed: int, places: Ids) -> Ids:
        """Where the windows of these places of the run start in the stream. Raises InvalidSpec beyond the end."""
        if self.num_places is not None and len(places) and int(places.max()) >= self.num_places:
            self.check_lasts(int(places.max()) + 1)
        parts, numbers = self._windows_at(places)
        starts = np.empty(len(places), dtype=np.int64)
        for part in np.unique(parts).tolist():
            here = np.flatnonzero(parts == part)
            num_windows = int(self.num_windows_P[part])
            epochs, windows = np.divmod(numbers[here], num_windows)
            for epoch in np.unique(epochs).tolist():
                now = epochs == epoch
                order = _window_order(seed, part, epoch, num_windows)
                starts[here[now]] = self._begins_P[part] + order[windows[now]] * self._context
        return starts

    def readings(self, num_places: int) -> list[Reading]:
        """What is read in the first `num_places` places."""
        phase = [phase for phase in self._phases if phase.first <= num_places][-1]
        read_P = phase.read(num_places - phase.first)
        return [
            Reading(part.name, num, num / num_windows, num / max(1, num_places))
            for part, num, num_windows in zip(
                self.parts, read_P.tolist(), self.num_windows_P.tolist(), strict=True
            )
        ]

    def check_lasts(self, num_places: int) -> None:
        """Raises InvalidSpec when every part has been read as often as it may before so many windows."""
        if self.num_places is not None and num_places > self.num_places:
            raise InvalidSpec(
                "mixture-used-up",
                f"The mixture lasts for {self.num_places:,} windows of {self._context:,} tokens; "
                f"the run reads {num_places:,}.",
                "Train for fewer steps, raise max_epochs of a part, or leave it out for one of them.",
                "train",
            )

    def _windows_at(self, places: Ids) -> tuple[Ids, Ids]:
        """The part of each place, and which window of that part, counted over all epochs."""
        parts, numbers = np.empty_like(places), np.empty_like(places)
        phases = np.searchsorted(self._firsts, places, side="right") - 1
        for at in np.unique(phases).tolist():
            here, phase = phases == at, self._phases[at]
            periods, rests = np.divmod(places[here] - phase.first, PERIOD)
            parts[here] = phase.pattern_L[rests]
            quota, before = phase.quota_P[parts[here]], phase.before_P[parts[here]]
            numbers[here] = before + periods * quota + phase.rank_L[rests]
        return parts, numbers

    def _plan(self) -> tuple[list[Phase], int | None]:
        """The phases, one more for each part that leaves, and where the last one ends."""
        phases: list[Phase] = []
        first, read_P = 0, np.zeros(len(self.parts), dtype=np.int64)
        while True:
            is_in = [
                limit is None or read < limit
                for limit, read in zip(self._limits, read_P.tolist(), strict=True)
            ]
            if not any(is_in):
                return phases, first
            weights = [part.weight * here for part, here in zip(self.parts, is_in, strict=True)]
            phase = _phase(first, weights, read_P)
            phases.append(phase)
            ends = [
                phase.place_of(part, limit - int(read_P[part]) - 1) + 1
                for part, limit in enumerate(self._limits)
                if limit is not None and is_in[part]
            ]
            if not ends:
                return phases, None
            read_P = phase.read(min(ends))
            first += min(ends)


def shares_of(weights: list[float]) -> list[float]:
    """The share of each part that its places of a period give it."""
    return [quota / PERIOD for quota in _quotas(weights).tolist()]


def _phase(first: int, weights: list[float], before_P: Ids) -> Phase:
    """Places of a period sorted by when each part's k-th one is due, (k + 1/2) / its number: as even as can be."""
    quota_P = _quotas(weights)
    rank = np.concatenate([np.arange(quota) for quota in quota_P])
    part = np.repeat(np.arange(len(weights)), quota_P)
    order = np.argsort((rank + 0.5) / quota_P[part], kind="stable")
    return Phase(first, part[order], rank[order], quota_P, before_P)


def _quotas(weights: list[float]) -> Ids:
    """Places of a period for each part: largest remainders, and at least one for a weight above 0."""
    exact_P = np.array(weights, dtype=np.float64) / sum(weights) * PERIOD
    quota_P = np.floor(exact_P).astype(np.int64)
    quota_P[(exact_P > 0) & (quota_P == 0)] = 1
    left = PERIOD - int(quota_P.sum())
    if left < 0:
        quota_P[np.argmax(quota_P)] += left
    elif left:
        fractions_P = np.where(exact_P >= 1, exact_P - np.floor(exact_P), -1.0)
        quota_P[np.argsort(-fractions_P, kind="stable")[:left]] += 1
    return quota_P


def _num_windows(part: Part, context: int, where: str) -> int:
    num_windows = (part.num_tokens - 1) // context
    if num_windows < 1:
        what = f"The part {part.name}" if part.name else "The text"
        raise BadData(
            "text-too-short",
            f"{what} has {part.num_tokens:,} tokens; one window needs {context + 1:,}.",
            "Import more text, or set a shorter context.",
            where,
        )
    return num_windows


@lru_cache(maxsize=16)
def _window_order(seed: int, part: int, epoch: int, num_windows: int) -> Ids:
    """A permutation of the windows: sorted by Philox's raw bits, which no version of numpy draws differently."""
    bits = np.random.Philox(key=[seed | part << 32, epoch]).random_raw(num_windows)
    return np.argsort(bits, kind="stable")
