"""A run's logs: what its workers wrote, attempt by attempt, filtered by level and words, newest first."""

from collections import Counter
from collections.abc import Iterator

from glassworks.server.features.runs.schemas import LogLine, LogPage
from glassworks.storage.runs import RunFolder

LEVELS = ("debug", "info", "warning", "error", "critical")


def read_logs(
    runs: list[RunFolder], level: str | None, query: str, limit: int, after: str | None
) -> LogPage:
    """Lines of `level` or above that hold `query`; `after` is the number of the last line of the page before."""
    lines = sorted(_lines(runs), key=lambda line: line.time)
    numbered = [line.model_copy(update={"number": n}) for n, line in enumerate(lines, start=1)]
    least = LEVELS.index(level) if level in LEVELS else 0
    words = query.lower()
    found = [
        line
        for line in reversed(numbered)
        if LEVELS.index(line.level) >= least
        and words in f"{line.logger} {line.message} {line.traceback or ''}".lower()
    ]
    rest = [line for line in found if after is None or line.number < int(after)]
    page = rest[:limit]
    return LogPage(
        items=tuple(page),
        next=str(page[-1].number) if len(rest) > limit else None,
        total=len(found),
        levels=dict(Counter(line.level for line in numbered)),
    )


def _lines(runs: list[RunFolder]) -> Iterator[LogLine]:
    for run in runs:
        for attempt in run.attempts():
            for value in attempt.log.read():
                level = str(value.get("level", "info"))
                yield LogLine(
                    number=0,
                    attempt=attempt.number,
                    time=str(value.get("time", "")),
                    level=level if level in LEVELS else "info",
                    logger=str(value.get("logger", "")),
                    message=str(value.get("message", "")),
                    traceback=value.get("traceback"),
                )
