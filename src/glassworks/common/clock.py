"""Time. Facts carry UTC with microseconds as ISO 8601 text; durations come from a clock that never goes back."""

import time
from datetime import UTC, datetime


def utc_now() -> str:
    """Now as e.g. `2026-03-01T12:00:00.123456Z`; text order is time order."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_utc(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one `utc_now()` text to another."""
    return (parse_utc(later) - parse_utc(earlier)).total_seconds()


def monotonic_s() -> float:
    return time.monotonic()
