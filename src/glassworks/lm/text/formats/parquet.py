"""Parquet tables, read a thousand rows at a time, the columns of the mapping only. Nothing in it is ever unpickled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from glassworks.common.errors import BadData
from glassworks.lm.text.formats._rows import extracts
from glassworks.lm.text.formats.base import Extract, Format, ReadOptions
from glassworks.lm.text.mapping import ColumnMapping, guess_mapping

ROWS = 1000
MAX_GROUP_BYTES = 4 << 30
"""A row group is read whole; one that claims more is refused."""


class Parquet(Format):
    """Parquet tables."""

    title = "parquet table"
    endings = (".parquet",)
    is_rows = True

    @staticmethod
    def looks_like(head: bytes) -> bool:
        return head.startswith(b"PAR1")

    @staticmethod
    def read(path: Path, options: ReadOptions) -> Iterator[Extract]:
        mapping = options.mapping
        if mapping.layout == "auto":
            guessed = guess_mapping(Parquet.rows(path))
            mapping = guessed.model_copy(update={"name": mapping.name, "group": mapping.group})
        yield from extracts(enumerate(_rows(path, _columns(mapping)), start=1), mapping, "row")

    @staticmethod
    def rows(path: Path) -> Iterator[dict[str, Any]]:
        return _rows(path, None)


def _columns(mapping: ColumnMapping) -> list[str]:
    named = (mapping.text, mapping.messages, mapping.prompt, mapping.context, mapping.completion)
    return list(dict.fromkeys(name for name in (*named, mapping.name, mapping.group) if name))


def _rows(path: Path, columns: list[str] | None) -> Iterator[dict[str, Any]]:
    try:
        table = pq.ParquetFile(path)
        _check(table, path)
        known = set(table.schema_arrow.names)
        missing = sorted(set(columns or ()) - known)
        if missing:
            raise BadData(
                "unknown-column",
                f"{path.name} has no column {missing[0]!r}.",
                f"Its columns are: {', '.join(sorted(known)[:20])}.",
                str(path),
            )
        for batch in table.iter_batches(batch_size=ROWS, columns=columns):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BadData(
            "damaged-table",
            f"{path.name} cannot be read as parquet: {str(error)[:300].rstrip('.')}.",
            "Write it anew, or leave it out.",
            str(path),
        ) from error


def _check(table: Any, path: Path) -> None:
    groups = (table.metadata.row_group(at) for at in range(table.metadata.num_row_groups))
    if (largest := max((group.total_byte_size for group in groups), default=0)) > MAX_GROUP_BYTES:
        raise BadData(
            "file-too-large",
            f"A row group of {path.name} claims {largest:,} bytes; at most {MAX_GROUP_BYTES:,} are read.",
            "Write it anew with smaller row groups.",
            str(path),
        )
