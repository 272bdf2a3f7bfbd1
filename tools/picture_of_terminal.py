"""Draws a real terminal as SVG: runs a command in a pseudo-terminal and pictures its screen.

In: a command, run in a terminal of fixed size. Out: one SVG file with the last screen, or the last one that matched
a pattern (`--when`), in the product's colours, light and dark.

    python tools/picture_of_terminal.py docs/pictures/first-model.svg --title "make start" -- glassworks run first-model

Unusual: the emulator (`pyte`) knows no faint text, so faint travels in its unused `blink` flag; and every run of
characters is stretched to its columns (`textLength`), so the picture is right in whatever monospace font the reader has.
"""

import argparse
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import pyte

COLUMNS, ROWS = 100, 34
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.4, 19.0, 14
MARGIN, BAR_HEIGHT = 18.0, 34.0
PIECE = re.compile(r"\S+(?: \S+)*")
BLANK_BRAILLE = "\N{BRAILLE PATTERN BLANK}"
QUIET_S = 0.05
"""A screen that has not changed for so long is a finished frame."""

COLORS = {
    "default": ("#0f1d1f", "#e8eeee"),
    "faint": ("#5c6b6c", "#899797"),
    "black": ("#0f1d1f", "#0b1314"),
    "red": ("#b6143f", "#fa7f8c"),
    "green": ("#1f6f3d", "#7ad59c"),
    "brown": ("#8d5e00", "#e8c773"),
    "blue": ("#185bca", "#6fb8ff"),
    "magenta": ("#7a45c4", "#c79be0"),
    "cyan": ("#04676e", "#81d5d5"),
    "white": ("#3e4e4f", "#adb9b8"),
    "brightblack": ("#5c6b6c", "#899797"),
    "molten": ("#b33b03", "#ffa65f"),
}
"""Name in the terminal -> (on light, on dark)."""
MOLTEN = {"f35900", "b33b03", "fe8b39", "ffa65f", "ff8700", "ff5f00", "d75f00", "d78700"}
"""Oranges, however a program writes them; orange means one thing only, alive right now."""


@dataclass(frozen=True)
class Style:
    color: str = "default"
    background: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False


@dataclass(frozen=True)
class Run:
    """Neighboring characters of one style, from column `start`."""

    start: int
    text: str
    style: Style


Line = tuple[Run, ...]
"""One row of the screen, without the blanks between and behind the runs."""


def record(
    command: list[str], when: str = "", columns: int = COLUMNS, rows: int = ROWS
) -> list[Line]:
    """Run `command` in a terminal; the screen at its end, or the last finished frame that matched `when`.

    Raises SystemExit when the command cannot be started or `when` was never shown.
    """
    screen = _new_screen(columns, rows)
    stream = pyte.ByteStream(screen)
    chosen: list[Line] = []
    for chunk in _output(command, columns, rows):
        if chunk:
            stream.feed(chunk)
        elif when and re.search(when, "\n".join(screen.display)):
            chosen = _lines(screen)
    if when and not chosen:
        raise SystemExit(
            f"The screen never showed {when!r}. Its last state:\n{text_of(_lines(screen))}"
        )
    return chosen or _lines(screen)


def draw(lines: list[Line], title: str, columns: int = COLUMNS) -> str:
    """The lines as SVG text."""
    styles = [run.style for line in lines for run in line]
    used = {"faint"} | {s.color for s in styles} | {s.background for s in styles if s.background}
    width = 2 * MARGIN + columns * CELL_WIDTH
    height = BAR_HEIGHT + 2 * MARGIN + len(lines) * CELL_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_css(sorted(used))}</style>",
        f'<rect class="pane" x=".5" y=".5" width="{width - 1:g}" height="{height - 1:g}" rx="9"/>',
        f'<path class="line" d="M.5 {BAR_HEIGHT:g}H{width - 0.5:g}"/>',
        f'<circle class="ring" cx="{MARGIN + 6:g}" cy="{BAR_HEIGHT / 2:g}" r="5"/>',
        f'<text class="faint" x="{MARGIN + 22:g}" y="{BAR_HEIGHT / 2 + 4.5:g}">{escape(title)}</text>',
        *(element for row, line in enumerate(lines) for element in _draw_line(row, line)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def text_of(lines: list[Line]) -> str:
    """What the lines say, without colors."""
    rows = []
    for line in lines:
        row = ""
        for run in line:
            row = row.ljust(run.start) + run.text
        rows.append(row)
    return "\n".join(rows)


# --- the terminal ------------------------------------------------------------------------------------------------


def _output(command: list[str], columns: int, rows: int) -> Iterator[bytes]:
    """What the command writes, piece by piece; an empty piece whenever it has been quiet for a moment."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    hidden = {"COLUMNS", "LINES", "NO_COLOR", "CI"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    try:
        process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True
        )
    except OSError as error:
        raise SystemExit(f"Cannot start {command[0]}: {error.strerror}") from error
    os.close(theirs)
    try:
        yield from _chunks(ours)
    finally:
        os.close(ours)
        process.wait()


def _chunks(file: int) -> Iterator[bytes]:
    poll = select.poll()
    poll.register(file, select.POLLIN)
    while True:
        if not poll.poll(QUIET_S * 1000):
            yield b""
            continue
        try:
            chunk = os.read(file, 65536)
        except (
            OSError
        ):  # on Linux a terminal whose other side is closed answers with an error, not with an end
            chunk = b""
        yield chunk
        if not chunk:
            return


def _translate_faint(attrs: Iterable[int]) -> Iterator[int]:
    """Faint (2) becomes blink (5), and 22 ends both; the arguments of a color (38, 48) stay as they are."""
    rest = iter(attrs)
    for attr in rest:
        if attr in (38, 48):
            kind = next(rest, 5)
            yield from (attr, kind, *(next(rest, 0) for _ in range(3 if kind == 2 else 1)))
        elif attr == 2:
            yield 5
        elif attr == 22:
            yield from (22, 25)
        else:
            yield attr


def _new_screen(columns: int, rows: int) -> Any:
    """An emulator that knows faint text."""
    screen = pyte.Screen(columns, rows)
    plain = screen.select_graphic_rendition
    screen.select_graphic_rendition = lambda *attrs: plain(*_translate_faint(attrs))
    return screen


def _lines(screen: Any) -> list[Line]:
    """The screen's rows; those that are empty at the end are left out."""
    lines = [tuple(_runs(screen, row)) for row in range(screen.lines)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _runs(screen: Any, row: int) -> Iterator[Run]:
    cells = [screen.buffer[row][column] for column in range(screen.columns)]
    places = ((column, cell) for column, cell in enumerate(cells) if cell.data)
    for style, group in groupby(places, key=lambda place: _style(place[1])):
        found = list(group)
        run = Run(found[0][0], "".join(cell.data for _, cell in found), style)
        yield from [run] if style.background else without_gaps(run)


def without_gaps(run: Run) -> Iterator[Run]:
    """The pieces of a run between its gaps: blanks are not drawn, so that nothing can shift what follows them."""
    for piece in PIECE.finditer(run.text.replace(BLANK_BRAILLE, " ")):
        yield Run(run.start + piece.start(), piece.group(), run.style)


def _style(cell: Any) -> Style:
    color, background = _color(cell.fg), _color(cell.bg)
    if cell.reverse:
        color, background = (background if background != "default" else "paper"), color
    elif background == "default":
        background = ""
    if cell.blink and color == "default":
        color = "faint"
    return Style(color, background, cell.bold, cell.italics, cell.underscore)


def _color(name: str) -> str:
    if name in MOLTEN:
        return "molten"
    plain = name if name in COLORS else name.removeprefix("bright")
    return plain if plain in COLORS else f"x{name}"


# --- the picture -------------------------------------------------------------------------------------------------


def _css(used: list[str]) -> str:
    light = {name: _shade(name, 0) for name in used}
    dark = {name: _shade(name, 1) for name in used}
    return (
        f"text{{font:{FONT_SIZE}px 'Commit Mono',ui-monospace,'SFMono-Regular',Menlo,Consolas,monospace;"
        "white-space:pre}.b{font-weight:600}.i{font-style:italic}.u{text-decoration:underline}"
        ".pane{fill:#fbfdfc;stroke:#d5dcdc}.line{stroke:#d5dcdc}.ring{fill:none;stroke:#b2bdbd}"
        f"{_rules(light)}"
        "@media(prefers-color-scheme:dark){"
        ".pane{fill:#121b1d;stroke:#263133}.line{stroke:#263133}.ring{stroke:#3d4c4e}"
        f"{_rules(dark)}}}"
    )


def _rules(shades: dict[str, str]) -> str:
    return "".join(f".{name}{{fill:{shade}}}" for name, shade in shades.items())


def _shade(name: str, theme: int) -> str:
    if name == "paper":
        return ("#fbfdfc", "#121b1d")[theme]
    return COLORS[name][theme] if name in COLORS else f"#{name[1:]}"


def _draw_line(row: int, line: Line) -> Iterator[str]:
    top = BAR_HEIGHT + MARGIN + row * CELL_HEIGHT
    for run in line:
        x, width = MARGIN + run.start * CELL_WIDTH, len(run.text) * CELL_WIDTH
        if run.style.background:
            yield f'<rect class="{run.style.background}" x="{x:g}" y="{top:g}" width="{width:g}" height="{CELL_HEIGHT:g}"/>'
        yield (
            f'<text class="{_classes(run.style)}" x="{x:g}" y="{top + 14:g}" '
            f'textLength="{width:g}" lengthAdjust="spacingAndGlyphs">{escape(run.text, quote=False)}</text>'
        )


def _classes(style: Style) -> str:
    flags = (("b", style.is_bold), ("i", style.is_italic), ("u", style.is_underlined))
    return " ".join([style.color, *(name for name, is_on in flags if is_on)])


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Draw a real terminal as SVG. The command follows `--`."
    )
    parser.add_argument("output", type=Path)
    parser.add_argument("--title", default="")
    parser.add_argument(
        "--when", default="", help="picture the last screen that matches this pattern"
    )
    parser.add_argument("--columns", type=int, default=COLUMNS)
    parser.add_argument("--rows", type=int, default=ROWS)
    own, command = _split(sys.argv[1:])
    options = parser.parse_args(own)
    if not command:
        parser.error("no command given; write it after --")
    lines = record(command, options.when, options.columns, options.rows)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    picture = draw(lines, options.title or " ".join(command), options.columns)
    options.output.write_text(picture, encoding="utf-8")
    print(f"{options.output} shows:\n{text_of(lines)}")
    return 0


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main())
