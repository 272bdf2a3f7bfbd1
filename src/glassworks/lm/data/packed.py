"""Some documents in a row as arrays: what one process makes of a part of a dataset, and what a token writer takes.

In: ids and masks of documents, each with its end token. Out: `PackedDocuments`; it can be saved to a file and read again,
so that finished work outlives a kill. The file is numpy's `.npz`: arrays with a checksum each, no pickle.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from glassworks.common.errors import BadData
from glassworks.lm.data.tokens import UINT16_IDS, Mask

Tokens = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class PackedDocuments:
    """Tokens of some documents, one after another. mask: which of them are trained on; None: all."""

    tokens: Tokens
    mask: Mask | None
    lengths: npt.NDArray[np.int64]
    """Tokens of each document, its end token included."""
    names: npt.NDArray[np.bytes_]
    """Id of each document, as UTF-8."""
    num_bytes: int | None = None
    """Bytes of the documents as imported; None: what their tokens stand for."""

    @property
    def num_documents(self) -> int:
        return len(self.lengths)

    def save(self, file: Path) -> None:
        arrays = {"tokens": self.tokens, "lengths": self.lengths, "names": self.names}
        if self.mask is not None:
            arrays["mask"] = self.mask
        if self.num_bytes is not None:
            arrays["num_bytes"] = np.array(self.num_bytes)
        np.savez(file, allow_pickle=False, **arrays)


def load_packed(file: Path) -> PackedDocuments:
    """What was saved. Raises BadData where the file is not sound."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            mask, num_bytes = found.get("mask"), found.get("num_bytes")
            return PackedDocuments(
                found["tokens"],
                mask,
                found["lengths"],
                found["names"],
                None if num_bytes is None else int(num_bytes),
            )
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadData(
            "damaged-state",
            f"What was saved in {file.name} cannot be read: {error}",
            "Run it again from the start, with --fresh.",
            str(file),
        ) from error


def pack(
    names: Sequence[str],
    documents: Sequence[npt.ArrayLike],
    masks: Sequence[npt.ArrayLike | None],
    vocab_size: int,
    num_bytes: int | None = None,
) -> PackedDocuments:
    """Documents as ids, and for each a mask of the same length or None. Raises BadData where some have one and some not."""
    ids = [np.asarray(one, dtype=id_type(vocab_size)) for one in documents]
    lengths = np.array([len(one) for one in ids], dtype=np.int64)
    has_mask = [mask for mask in masks if mask is not None]
    if 0 < len(has_mask) < len(masks):
        raise mixed_masks(next(n for n, mask in zip(names, masks, strict=True) if mask is None))
    return PackedDocuments(
        tokens=_joined(ids, id_type(vocab_size)),
        mask=_joined([np.asarray(one) for one in has_mask], np.bool_) if has_mask else None,
        lengths=lengths,
        names=np.array([name.encode() for name in names], dtype=np.bytes_),
        num_bytes=num_bytes,
    )


def join(parts: Sequence[PackedDocuments], vocab_size: int) -> PackedDocuments:
    """One behind the other. Raises BadData where some have a mask and some not."""
    masks = [part.mask for part in parts if part.mask is not None]
    sizes = [part.num_bytes for part in parts if part.num_bytes is not None]
    if 0 < len(masks) < len(parts):
        without = next(part for part in parts if part.mask is None)
        raise mixed_masks(without.names[0].decode())
    return PackedDocuments(
        tokens=_joined([part.tokens for part in parts], id_type(vocab_size)),
        mask=_joined(masks, np.bool_) if masks else None,
        lengths=_joined([part.lengths for part in parts], np.int64),
        names=_joined([part.names for part in parts], np.bytes_),
        num_bytes=sum(sizes) if len(sizes) == len(parts) else None,
    )


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate(arrays, dtype=dtype) if arrays else np.empty(0, dtype)


def id_type(vocab_size: int) -> type[np.uint16] | type[np.uint32]:
    """The smallest type that holds every id."""
    return np.uint16 if vocab_size <= UINT16_IDS else np.uint32


def mixed_masks(name: str) -> BadData:
    return BadData(
        "mixed-masks",
        f"Some documents say where their answer starts, {name!r} does not.",
        "Give all documents of a dataset `answer_start`, or none.",
    )
