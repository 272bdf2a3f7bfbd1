"""How files are read, whichever source they come from: columns, pages, cuts, and what is done about a bad one."""

from typing import Literal

from pydantic import Field

from glassworks.lm.data.cuts import Cut
from glassworks.lm.text.mapping import ColumnMapping
from glassworks.specs.base import Config


class ReadingSettings(Config):
    """The settings that all sources of files share."""

    mapping: ColumnMapping = Field(
        default=ColumnMapping(), description="Which columns of tables and chats are read as what."
    )
    mappings: dict[str, ColumnMapping] = Field(
        default={}, description="The same for single files, by their paths."
    )
    pages: Literal["together", "apart"] = Field(
        default="together", description="Whether each page of a PDF is a document of its own."
    )
    cut: Cut = Field(
        default="none", description="What is one document of a text: see the source text_file."
    )
    passage_characters: int = Field(
        default=2000, ge=100, le=1_000_000, description="Shortest passage, when it is cut so."
    )
    on_bad: Literal["refuse", "leave_out"] = Field(
        default="refuse", description="What is done about a file that cannot be read."
    )
