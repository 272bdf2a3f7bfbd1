"""How far the helper is with a long answer: one bar in a terminal, now and then a line elsewhere.

In: `{done, total, unit, phase}`, a few a second; total 0: not known. Out: a bar on the console that is gone at the end; where there
is no terminal, a line when a phase begins and every ten seconds.
"""

import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from glassworks.cli import numbers
from glassworks.cli.display.frame import Room, bar_line

EVERY_S = 10.0


class ProgressLine:
    """`with ProgressLine(console) as line: ... line.show(told)`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._is_live = console.is_terminal and not console.is_dumb_terminal
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._phase = ""
        self._next_s = 0.0

    def __enter__(self) -> "ProgressLine":
        if self._is_live:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, told: dict[str, Any]) -> None:
        """The work as it is now."""
        if self._is_live:
            self._live.update(self._bar(told), refresh=True)
            return
        now_s = time.monotonic()
        is_new = told["phase"] != self._phase
        if is_new or now_s >= self._next_s:
            self._phase, self._next_s = told["phase"], now_s + EVERY_S
            words = f"{told['phase']} ..." if is_new else _words(told)
            self.console.print(words, soft_wrap=True)

    def _bar(self, told: dict[str, Any]) -> Text:
        size = self.console.size
        if not told["total"]:
            return Text(f"  {_words(told)}")
        return bar_line(_words(told), told["done"] / told["total"], Room(size.width, 1))


def _words(told: dict[str, Any]) -> str:
    done, total = told["done"], told["total"]
    if told["unit"] == "bytes":
        figures = numbers.size(done) + (f" of {numbers.size(total)}" if total else "")
        return f"{told['phase']}  {figures}"
    figures = numbers.exact(done) + (f" of {numbers.exact(total)}" if total else "")
    return f"{told['phase']}  {figures} {told['unit']}"
