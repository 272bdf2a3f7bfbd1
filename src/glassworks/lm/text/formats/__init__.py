"""File formats that text is read from, one file each. A file's first bytes decide, then the ending of its name."""

from pathlib import Path

from glassworks.common.errors import BadData
from glassworks.common.registry import Registry
from glassworks.lm.text.archives import is_office
from glassworks.lm.text.files import refuse_empty
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions

FORMATS: Registry[type[Format]] = Registry("glassworks.lm.text.formats", Format, "file format")
HEAD_BYTES = 4096

__all__ = ["FORMATS", "Extract", "Format", "ReadOptions", "endings", "format_of"]


def format_of(path: Path, name: str = "") -> str:
    """The id of the format that reads a file, called `name` where it came from. Raises BadData: none reads it, or it is empty."""
    ending = Path(name or path.name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    refuse_empty(head, name or str(path))
    known = FORMATS.all()
    for id_, one in known.items():
        if one.looks_like(head):
            return id_
    if head.startswith(b"PK") and is_office(path):
        return "docx"
    for id_, one in known.items():
        if ending in one.endings:
            return id_
    if not ending or _is_text(head):
        return "text"
    raise BadData(
        "unknown-format",
        f"{name or path.name} is of no kind that is read.",
        f"These are: {', '.join(endings())}, and zip, tar and gz of them.",
        name or str(path),
    )


def endings() -> list[str]:
    """All endings that are read, in order."""
    return sorted(ending for one in FORMATS.all().values() for ending in one.endings)


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without a zero byte; a character may be cut at the end."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return bool(head) and b"\0" not in head and error.start > len(head) - 4
    return b"\0" not in head
