"""A text that stands in the settings themselves, as one document or cut into several.

In: the text. Out: documents named `pasted_text` or `pasted_text:<number>`. Line ends become `\\n` and a leading byte order
mark is dropped, as in a file. Unusual: the text is part of the recipe and of the run's key, so it is kept small; a longer
one belongs in a file.
"""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import BadData, InvalidSpec, LimitReached
from glassworks.lm.data.cuts import Cut, cut_text
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.data.sources.text_file import MIN_PASSAGES, check_size
from glassworks.specs.base import Config as BaseConfig

MAX_BYTES = 1_000_000
"""A recipe is read, compared and sent whole."""
NAME = "pasted_text"
WHERE = "source.text"


class PastedText(Source):
    """A text that was pasted into the settings."""

    class Config(BaseConfig):
        kind: Literal["pasted_text"] = Field(
            default="pasted_text", description="A text in the settings themselves."
        )
        text: str = Field(default="", description="The text; at most 1 MB as UTF-8.")
        cut: Cut = Field(
            default="none", description="What is one document of a text: see the source text_file."
        )
        passage_characters: int = Field(
            default=2000, ge=100, le=1_000_000, description="Shortest passage, when it is cut so."
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        text = checked(config.text)
        if config.cut == "passages":
            check_size([text], "The pasted text", MIN_PASSAGES * config.passage_characters, WHERE)
        return config

    @staticmethod
    def read(config: Any) -> Reading:
        return Reading(_documents(checked(config.text), config))


def checked(text: str) -> str:
    """The text with plain line ends. Raises InvalidSpec (nothing in it), LimitReached (too long), BadData (no UTF-8)."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not plain.strip():
        raise InvalidSpec(
            "text-missing",
            "No text was pasted.",
            "Paste one, for instance: --set data.source.text='Once upon a time'",
            WHERE,
        )
    if (num_bytes := _num_bytes(text)) > MAX_BYTES:
        raise LimitReached(
            "pasted-text-too-long",
            f"The pasted text has {num_bytes:,} bytes; a recipe takes {MAX_BYTES:,}.",
            "Save it as a file and use the source text_file.",
            WHERE,
        )
    return plain


def _num_bytes(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise BadData(
            "lone-surrogate",
            f"The pasted text has half a character at position {error.start:,}, which UTF-8 cannot hold.",
            "Copy the text again from where it came, or take that character out.",
            WHERE,
        ) from error


def _documents(text: str, config: Any) -> Iterator[Document]:
    pieces = cut_text([text], config.cut, config.passage_characters)
    for number, piece in enumerate(pieces, start=1):
        id_ = NAME if config.cut == "none" else f"{NAME}:{number}"
        yield Document(id=id_, text=piece, source=NAME, group=id_)
