"""How numbers are written for people: digits with their unit, three significant digits where it is a size.

Counts `3,812`, above 10,000 `352 k`; bytes `412 MB`; time `0.2 s`, `54 s`, `1:24 min`, `27 min`, `1:14 h`, `3 d`; shares
`50.6 %`; losses three decimals.
"""

import math
from collections.abc import Sequence

SCALES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
COUNT_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def exact(count: float) -> str:
    """`12,345`: for steps and other counts of which every one matters."""
    return f"{count:,.0f}"


def count(number: float) -> str:
    """`3,812`, `352 k`, `29.5 M`, `1.57 B`."""
    return exact(number) if abs(number) < 10_000 else _scaled(number, COUNT_SCALES)


def size(num_bytes: float) -> str:
    """`17 bytes`, `412 MB`, `14.2 GB` (powers of ten)."""
    return f"{num_bytes:,.0f} bytes" if num_bytes < 1000 else f"{_scaled(num_bytes, SCALES)}B"


def rate(per_s: float, unit: str) -> str:
    """`31.6 k tok/s`."""
    return f"{count(per_s)} {unit}/s"


def flops(number: float) -> str:
    """`412 GFLOP`."""
    return f"{_scaled(number, SCALES)}FLOP"


def loss(value: float) -> str:
    """`1.603`: losses and bits per byte."""
    return f"{value:.3f}" if math.isfinite(value) else str(value)


def loss_between(value: float, interval: Sequence[float] | None) -> str:
    """`1.55 ± 0.06`: a loss with half of its interval (95 %), in the digits that this leaves; `1.603` without one."""
    if interval is None or not all(map(math.isfinite, (value, *interval))):
        return loss(value)
    half = max(value - interval[0], interval[1] - value)
    if half < 0.0005:
        return loss(value)
    digits = 2 if half >= 0.01 else 3
    return f"{value:.{digits}f} ± {half:.{digits}f}"


def share(fraction: float) -> str:
    """`50.6 %`."""
    return f"{100 * fraction:.1f} %"


def duration(seconds: float) -> str:
    """`0.2 s`, `54 s`, `1:24 min`, `27 min`, `1:14 h`, `3 d`."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60}:{whole % 60:02} min"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60}:{minutes % 60:02} h"
    days = round(minutes / (24 * 60))
    return f"{days:,} d"


def plural(number: float, one: str, many: str = "") -> str:
    """`1 document`, `38 documents`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def _scaled(number: float, scales: tuple[tuple[float, str], ...]) -> str:
    for factor, name in scales:
        if abs(number) >= 0.9995 * factor:
            return f"{_significant(number / factor)} {name}"
    return f"{number:.0f} "


def _significant(value: float) -> str:
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return f"{value:.{digits}f}"
