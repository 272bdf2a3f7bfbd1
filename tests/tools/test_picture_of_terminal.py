"""The terminal's picture shows what the command wrote: text, place, color, weight, and the frame that was asked for."""

import sys
from xml.etree import ElementTree

import pytest

from tools.picture_of_terminal import Style, draw, record, text_of

STYLED = r"\x1b[1mbold\x1b[0m \x1b[2mfaint\x1b[22m plain \x1b[38;2;243;89;0mhot\x1b[0m <&>"


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_text_weight_and_color_are_kept() -> None:
    (line,) = record(python(f"print('{STYLED}')"))
    assert [(run.start, run.text, run.style) for run in line] == [
        (0, "bold", Style(is_bold=True)),
        (5, "faint", Style("faint")),
        (11, "plain", Style()),
        (17, "hot", Style("molten")),
        (21, "<&>", Style()),
    ]


def test_the_command_sees_a_terminal_of_the_given_size() -> None:
    program = "import os, sys; print(os.get_terminal_size(), sys.stdout.isatty())"
    lines = record(python(program), columns=90, rows=12)
    assert text_of(lines) == "os.terminal_size(columns=90, lines=12) True"


def test_a_chosen_frame_is_pictured_and_not_the_last_one() -> None:
    program = "import time; print('one', end='', flush=True); time.sleep(1); print('\\rtwo')"
    assert text_of(record(python(program), when="one")) == "one"
    assert text_of(record(python(program))) == "two"


def test_a_frame_that_never_came_is_told() -> None:
    with pytest.raises(SystemExit, match="never showed 'three'"):
        record(python("print('one')"), when="three")


def test_the_picture_is_sound_and_needs_nothing_from_outside() -> None:
    picture = draw(record(python(f"print('{STYLED}')")), "a <title>")
    root = ElementTree.fromstring(picture)
    texts = ["".join(element.itertext()) for element in root if element.tag.endswith("text")]
    assert texts == ["a <title>", "bold", "faint", "plain", "hot", "<&>"]
    assert "prefers-color-scheme:dark" in picture
    assert "href" not in picture
    assert "url(" not in picture
