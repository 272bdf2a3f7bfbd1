"""What all formats of rows share: the mapping is settled once a file, then each row becomes an extract."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from glassworks.common.errors import BadData
from glassworks.lm.text.formats.base import Extract
from glassworks.lm.text.mapping import LOOKED_AT, ColumnMapping, guess_mapping, read_row


def extracts(
    rows: Iterable[tuple[int, dict[str, Any]]], mapping: ColumnMapping, noun: str
) -> Iterator[Extract]:
    """Numbered rows as extracts; rows without text are left out. Raises BadData with the row's place."""
    numbered = iter(rows)
    first = list(islice(numbered, LOOKED_AT))
    if mapping.layout == "auto":
        guessed = guess_mapping(row for _, row in first) if first else ColumnMapping(layout="text")
        mapping = guessed.model_copy(update={"name": mapping.name, "group": mapping.group})
    for number, row in chain(first, numbered):
        place = f"{noun} {number:,}"
        try:
            text, messages = read_row(row, mapping)
        except BadData as error:
            raise BadData(error.code, f"{place}: {error.message}", error.hint, place) from error
        if text.strip():
            yield Extract(
                text,
                place,
                {"messages": messages} if messages else {},
                name=str(row.get(mapping.name) or "") if mapping.name else "",
                group=str(row.get(mapping.group) or "") if mapping.group else "",
            )
