"""The displays that a followed run can have: a live picture in a terminal, lines elsewhere, objects for programs.

All have `show(follower)`, called after each poll, and `close(follower)` at the end; `note` is the last line of the
picture ("saving ..."), and `say` a line of its own. `make_display` picks one.
"""

import json
import sys
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from glassworks.cli.display.facts import FactStream
from glassworks.cli.display.frame import Room, draw
from glassworks.cli.display.promise import expected
from glassworks.engine.follow import FlowFollower

MIN_WIDTH, MIN_HEIGHT = 40, 8


class Display(Protocol):
    """What follows a run on screen."""

    note: str

    def wait(self, words: str) -> None:
        """Something takes a moment before there is a run to show."""

    def say(self, words: str) -> None:
        """One sentence, at once."""

    def show(self, follower: FlowFollower) -> None:
        """The run as it is now."""

    def close(self, follower: FlowFollower | None) -> None:
        """The run as it ended."""


class LiveDisplay:
    """One picture that is drawn over and over, and left as stages with their facts at the end."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.note = ""
        self._live = Live(
            console=console, auto_refresh=False, vertical_overflow="crop", transient=False
        )
        self._is_started = False
        self._words = ""
        self._promised: set[str] = set()

    def wait(self, words: str) -> None:
        self._words = words
        self._draw([Text(), Text(f"  {words}", style="quiet")])

    def say(self, words: str) -> None:
        self.note = words
        if self._words:
            self.wait(words)

    def show(self, follower: FlowFollower) -> None:
        self._words = ""
        self._draw(draw(follower, self._room(), self.note))
        self._tell_promises(follower)

    def close(self, follower: FlowFollower | None) -> None:
        lines = draw(follower, self._room(), is_ended=True) if follower is not None else []
        self._draw(lines)
        self._live.stop()

    def _tell_promises(self, follower: FlowFollower) -> None:
        """Above the picture, once for each training: what it is expected to need."""
        for name, view in follower.nodes.items():
            promised = view.state.prediction if view.state and view.status == "running" else None
            if promised is not None and name not in self._promised:
                self._promised.add(name)
                self.console.print(
                    Text(f"  {name}: expected {expected(promised)}", style="quiet"), soft_wrap=True
                )

    def _draw(self, lines: list[Text]) -> None:
        if not self._is_started:
            self._is_started = True
            self._live.start()
        self._live.update(Group(*lines), refresh=True)

    def _room(self) -> Room:
        """One line stays free for the cursor, so that the picture never scrolls."""
        size = self.console.size
        return Room(max(size.width, MIN_WIDTH), max(size.height - 1, MIN_HEIGHT))


class LineDisplay:
    """One line a fact, no escape codes: for pipes, files and continuous integration."""

    def __init__(self, console: Console, every_s: float = 10.0) -> None:
        self.console = console
        self.note = ""
        self.every_s = every_s
        self._facts: FactStream | None = None

    def wait(self, words: str) -> None:
        self.say(words)

    def say(self, words: str) -> None:
        self.console.print(words, soft_wrap=True)

    def show(self, follower: FlowFollower) -> None:
        if self._facts is None:
            self._facts = FactStream(follower, self.every_s)
        for fact in self._facts.news():
            self.say(fact.text)

    def close(self, follower: FlowFollower | None) -> None:
        if follower is not None:
            self.show(follower)


class JsonDisplay(LineDisplay):
    """One JSON object a line on stdout; sentences go to the console."""

    def show(self, follower: FlowFollower) -> None:
        if self._facts is None:
            self._facts = FactStream(follower, self.every_s)
        for fact in self._facts.news():
            sys.stdout.write(json.dumps(fact.to_json(), ensure_ascii=False) + "\n")
        sys.stdout.flush()


class QuietDisplay:
    """Nothing on the way."""

    def __init__(self) -> None:
        self.note = ""

    def wait(self, words: str) -> None:
        pass

    def say(self, words: str) -> None:
        pass

    def show(self, follower: FlowFollower) -> None:
        pass

    def close(self, follower: FlowFollower | None) -> None:
        pass


def make_display(console: Console, is_quiet: bool = False) -> Display:
    """A picture where there is a terminal that can hold one, else lines."""
    if is_quiet:
        return QuietDisplay()
    is_able = console.is_terminal and not console.is_dumb_terminal
    return LiveDisplay(console) if is_able else LineDisplay(console)
