"""A file's name as it may be kept: one part, printable, short. What a browser says is a wish, never a path."""

import unicodedata

from glassworks.common.errors import InvalidSpec

MAX_BYTES = 200
MAX_DEPTH = 32
RESERVED = {".", ".."}


def safe_name(wished: str) -> str:
    """The last part of `wished` without what cannot stand in a name. Raises InvalidSpec when nothing is left."""
    last = unicodedata.normalize("NFC", wished).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" ")
    name = _shortened(kept)
    if not name or name in RESERVED or not name.strip("."):
        raise InvalidSpec(
            "bad-file-name",
            f"{wished[:80]!r} is no name that a file can have.",
            "Rename it, for instance to text.txt.",
            "name",
        )
    return name


def safe_path(wished: str) -> str:
    """A path inside an upload folder: each part as `safe_name` makes it. Raises InvalidSpec for none, or too deep a one."""
    parts = [part for part in wished.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(parts) > MAX_DEPTH:
        raise InvalidSpec(
            "bad-file-name",
            f"{wished[:80]!r} is no path inside a folder.",
            f"Give at most {MAX_DEPTH} parts, none of them `..`.",
            "name",
        )
    return "/".join(safe_name(part) for part in parts)


def _shortened(name: str) -> str:
    """At most 200 bytes, the ending kept."""
    if len(name.encode("utf-8", "replace")) <= MAX_BYTES:
        return name.encode("utf-8", "ignore").decode()
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending.encode()) <= 16 else ""
    room = MAX_BYTES - len(ending.encode())
    return (stem or name).encode("utf-8", "ignore")[:room].decode("utf-8", "ignore") + ending
