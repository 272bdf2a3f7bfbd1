"""What a model wrote, made safe for a terminal: control characters are shown or dropped, never sent on."""

import unicodedata


def printable(text: str) -> str:
    """`text` with tabs as spaces and without control and formatting characters; line ends stay."""
    return "".join(_plain(c) for c in text.replace("\r\n", "\n").replace("\t", "    "))


def one_line(text: str, width: int) -> str:
    """`text` as one line of at most `width` columns, line ends drawn as ¶."""
    line = "¶".join(printable(text).strip().split("\n"))
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def drawn(text: str) -> str:
    """`text` in one line with its spaces as they are, line ends drawn as ¶."""
    return printable(text).replace("\n", "¶")


def wrapped(text: str, width: int, num_lines: int) -> list[str]:
    """At most `num_lines` lines of at most `width` characters; empty lines at the start are left out."""
    lines: list[str] = []
    for line in printable(text).strip("\n").split("\n"):
        rest = line.rstrip()
        while len(rest) > width:
            at = rest.rfind(" ", 0, width + 1)
            cut = at if at > 0 else width
            lines.append(rest[:cut])
            rest = rest[cut:].lstrip()
        lines.append(rest)
    return lines[:num_lines]


def _plain(character: str) -> str:
    if character == "\n" or not unicodedata.category(character).startswith("C"):
        return character
    return "�" if unicodedata.category(character) in ("Co", "Cn") else ""
