"""The two consoles: results on stdout, progress and errors on stderr; and the few styles that the words come in.

Colors are few and mean one thing each. `molten` is alive right now, and nothing else; its orange reads on light and on
dark. `glass` is what can be used next: commands, links, names. Both, `ok` and `bad` always stand beside a word or a
shape, so nothing is lost where there is no color (NO_COLOR, a file, a pipe).
"""

from functools import cache

from rich.console import Console
from rich.theme import Theme

MOLTEN = "#d75f00"
"""Contrast 3.8:1 on white, 5.5:1 on black, and exact in the 256-color palette."""
STYLES = {
    "molten": MOLTEN,
    "molten.strong": f"bold {MOLTEN}",
    "glass": "cyan",
    "ok": "green",
    "bad": "red",
    "warn": "yellow",
    "quiet": "dim",
    "title": "bold",
}


def make_console(is_stderr: bool = False) -> Console:
    """A console for this process's stdout or stderr, as they are now."""
    console = Console(
        stderr=is_stderr,
        theme=Theme(STYLES, inherit=False),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )
    if (
        console.color_system == "standard"
    ):  # of 16 colors, the nearest to orange would be the red of `bad`
        console.push_theme(Theme({"molten": "yellow", "molten.strong": "bold yellow"}))
    return console


@cache
def stdout() -> Console:
    return make_console()


@cache
def stderr() -> Console:
    return make_console(is_stderr=True)
