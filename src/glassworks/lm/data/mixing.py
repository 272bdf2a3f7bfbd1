"""Putting token sets together: their files side by side in one folder, and figures that tell sizes and weights.

In: readers of several token sets made by one tokenizer. Out: a token set of format 2. Unusual: the parts' files are hard links
where the file system allows it, so a mixture of large sets takes no room and no time; which part is read when is decided
by `mixture.py` at training.
"""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data.mixture import Part
from glassworks.lm.data.tokens import (
    DOCUMENTS_FILE,
    FIGURES_FILE,
    MIXTURE_FORMAT,
    TOKEN_BYTES_FILE,
    TokenReader,
)


def weighted(
    names: Sequence[str],
    readers: Sequence[TokenReader],
    weights: Sequence[float | None],
    max_epochs: Sequence[float | None],
    temperature: float,
) -> tuple[Part, ...]:
    """The parts with weight ^ (1 / temperature); a weight that is not given is the part's size.

    Twelve digits are kept: the last ones of a power differ from machine to machine.
    """
    return tuple(
        Part(
            name,
            reader.num_tokens,
            float(f"{(weight or reader.num_tokens) ** (1 / temperature):.12g}"),
            epochs,
        )
        for name, reader, weight, epochs in zip(names, readers, weights, max_epochs, strict=True)
    )


def check_same_tokenizer(names: Sequence[str], readers: Sequence[TokenReader]) -> None:
    """Raises InvalidSpec that names the part that was made by another tokenizer than the first."""
    first = readers[0]
    for name, reader in zip(names[1:], readers[1:], strict=True):
        is_same = (
            reader.tokenizer_id == first.tokenizer_id
            and reader.end_id == first.end_id
            and np.array_equal(reader.token_bytes, first.token_bytes)
        )
        if not is_same:
            raise InvalidSpec(
                "another-tokenizer",
                f"{name} was made by another tokenizer than {names[0]} "
                f"({reader.vocab_size:,} and {first.vocab_size:,} tokens); their ids mean different things.",
                "Tokenize both with the same tokenizer, then mix them.",
                name,
            )


def write_mixture(
    folder: Path, parts: Sequence[Part], readers: Sequence[TokenReader]
) -> dict[str, Any]:
    """Fill the empty `folder`; returns the figures for the manifest."""
    has_mask = any(reader.has_mask for reader in readers)
    _link_shards(folder, readers)
    if has_mask:
        _write_masks(folder, readers)
    np.save(folder / DOCUMENTS_FILE, _documents(readers), allow_pickle=False)
    np.save(folder / TOKEN_BYTES_FILE, readers[0].token_bytes, allow_pickle=False)
    summary = _summary(readers)
    figures = {
        "format": MIXTURE_FORMAT,
        "dtype": readers[0].dtype,
        "has_mask": has_mask,
        "end_id": readers[0].end_id,
        "tokenizer": readers[0].tokenizer_id,
        "parts": [
            {
                "name": part.name,
                "tokens": part.num_tokens,
                "weight": part.weight,
                "max_epochs": part.max_epochs,
            }
            for part in parts
        ],
        **summary,
    }
    num_decoded = sum(reader.num_decoded for reader in readers)
    if num_decoded != summary["bytes"]:
        figures["decoded_bytes"] = num_decoded
    text = json.dumps(figures, indent=2, sort_keys=True) + "\n"
    (folder / FIGURES_FILE).write_text(text, "utf-8")
    return summary


def _link_shards(folder: Path, readers: Sequence[TokenReader]) -> None:
    paths = [path for reader in readers for path in sorted(reader.folder.glob("shard-*.bin"))]
    for number, path in enumerate(paths):
        _link(path, folder / f"shard-{number:05}.bin")


def _write_masks(folder: Path, readers: Sequence[TokenReader]) -> None:
    """A mask beside each shard; where a part has none, all of it is trained on."""
    number = 0
    for reader in readers:
        for path in sorted(reader.folder.glob("shard-*.bin")):
            mask = path.with_name(path.name.replace("shard", "mask"))
            target = folder / f"mask-{number:05}.bin"
            if reader.has_mask:
                _link(mask, target)
            else:
                num_tokens = path.stat().st_size // np.dtype(reader.dtype).itemsize
                target.write_bytes(b"\1" * num_tokens)
            number += 1


def _documents(readers: Sequence[TokenReader]) -> npt.NDArray[np.void]:
    """The tables of all parts, the starts counted from the mixture's beginning."""
    tables = [np.load(reader.folder / DOCUMENTS_FILE, allow_pickle=False) for reader in readers]
    width = max(table.dtype["document"].itemsize for table in tables)
    whole = np.zeros(
        sum(map(len, tables)), dtype=[("start", "<i8"), ("document", f"S{max(1, width)}")]
    )
    at, begin = 0, 0
    for table, reader in zip(tables, readers, strict=True):
        here = whole[at : at + len(table)]
        here["start"] = table["start"] + begin
        here["document"] = table["document"]
        at, begin = at + len(table), begin + reader.num_tokens
    return whole


def _summary(readers: Sequence[TokenReader]) -> dict[str, Any]:
    num_tokens = sum(reader.num_tokens for reader in readers)
    num_documents = sum(reader.num_documents for reader in readers)
    num_bytes = sum(reader.num_bytes for reader in readers)
    return {
        "documents": num_documents,
        "tokens": num_tokens,
        "trained_tokens": sum(reader.num_trained for reader in readers),
        "bytes": num_bytes,
        "bytes_per_token": round(num_bytes / max(1, num_tokens - num_documents), 3),
        "vocab_size": readers[0].vocab_size,
    }


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
