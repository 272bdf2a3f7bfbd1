"""Writing packed token ids: documents as ids in, the files of a `tokens` artifact out (see `tokens.py` for what they are).

Documents are written one after another with an end token after each; memory does not grow with the text, but for a
number and a name per document.
"""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from glassworks.lm.data.packed import PackedDocuments, id_type, mixed_masks, pack
from glassworks.lm.data.tokens import (
    DOCUMENTS_FILE,
    FIGURES_FILE,
    FORMAT,
    SHARD_TOKENS,
    TOKEN_BYTES_FILE,
    Mask,
)


class TokenWriter:
    """Writes a `tokens` artifact into `folder`; a context manager, complete when it is left without an error.

    token_bytes: bytes that each id stands for, 0 for special tokens. end_id: put after each document.
    """

    def __init__(
        self,
        folder: Path,
        token_bytes: list[int],
        end_id: int,
        tokenizer_id: str = "",
        shard_tokens: int = SHARD_TOKENS,
    ) -> None:
        self._folder = folder
        self._token_bytes = np.array(token_bytes, dtype=np.uint32)
        self._end_id = end_id
        self._tokenizer_id = tokenizer_id
        self._shard_tokens = shard_tokens
        self._shard: BinaryIO | None = None
        self._mask: BinaryIO | None = None
        self._has_mask: bool | None = None
        self._lengths: list[npt.NDArray[np.int64]] = []
        self._names: list[npt.NDArray[np.bytes_]] = []
        self.num_documents = 0
        self.num_tokens = 0
        self.num_trained = 0
        self.num_bytes = 0
        self.num_decoded = 0

    def __enter__(self) -> "TokenWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._close_shard()
        if kind is None:
            self._write_figures()

    def add(self, document: str, ids: list[int], mask: list[bool] | None = None) -> None:
        """Add a document and its end token. `mask`, as long as `ids`, says which tokens are trained on.

        The end token is trained on always: a model has to know when to stop. All documents have a mask, or none has.
        """
        masks = None if mask is None else [*mask, True]
        self.add_packed(pack([document], [[*ids, self._end_id]], [masks], len(self._token_bytes)))

    def add_packed(self, documents: PackedDocuments) -> None:
        """Add documents that have their end tokens already. Raises BadData where only some documents have a mask."""
        if not documents.num_documents:
            return
        has_mask = documents.mask is not None
        if self._has_mask is None:
            self._has_mask = has_mask
        if self._has_mask != has_mask:
            raise mixed_masks(documents.names[0].decode())
        self._lengths.append(documents.lengths)
        self._names.append(documents.names)
        self.num_documents += documents.num_documents
        num_decoded = int(self._token_bytes[documents.tokens].sum())
        self.num_decoded += num_decoded
        self.num_bytes += num_decoded if documents.num_bytes is None else documents.num_bytes
        num_tokens, mask = len(documents.tokens), documents.mask
        self.num_trained += num_tokens if mask is None else int(mask.sum())
        self._append(documents.tokens, documents.mask)

    def summary(self) -> dict[str, Any]:
        """The figures of the manifest."""
        num_text_tokens = max(1, self.num_tokens - self.num_documents)
        return {
            "documents": self.num_documents,
            "tokens": self.num_tokens,
            "trained_tokens": self.num_trained,
            "bytes": self.num_bytes,
            "bytes_per_token": round(self.num_bytes / num_text_tokens, 3),
            "vocab_size": len(self._token_bytes),
        }

    def _append(self, tokens: npt.NDArray[Any], mask: Mask | None) -> None:
        while len(tokens):
            room = self._shard_tokens - self.num_tokens % self._shard_tokens
            if self.num_tokens % self._shard_tokens == 0:
                self._open_shard(self.num_tokens // self._shard_tokens)
            assert self._shard is not None
            self._shard.write(tokens[:room].tobytes())
            if self._mask is not None and mask is not None:
                self._mask.write(mask[:room].tobytes())
                mask = mask[room:]
            self.num_tokens += len(tokens[:room])
            tokens = tokens[room:]

    def _open_shard(self, number: int) -> None:
        self._close_shard()
        self._shard = (self._folder / f"shard-{number:05}.bin").open("wb")
        if self._has_mask:
            self._mask = (self._folder / f"mask-{number:05}.bin").open("wb")

    def _close_shard(self) -> None:
        for file in (self._shard, self._mask):
            if file is not None:
                file.close()
        self._shard = self._mask = None

    def _write_figures(self) -> None:
        np.save(self._folder / DOCUMENTS_FILE, self._table(), allow_pickle=False)
        np.save(self._folder / TOKEN_BYTES_FILE, self._token_bytes, allow_pickle=False)
        figures = {
            "format": FORMAT,
            "dtype": np.dtype(id_type(len(self._token_bytes))).name,
            "shard_tokens": self._shard_tokens,
            "has_mask": bool(self._has_mask),
            "end_id": self._end_id,
            "tokenizer": self._tokenizer_id,
            **self.summary(),
        }
        if self.num_decoded != self.num_bytes:  # a tokenizer that does not keep everything
            figures["decoded_bytes"] = self.num_decoded
        text = json.dumps(figures, indent=2, sort_keys=True) + "\n"
        (self._folder / FIGURES_FILE).write_text(text, "utf-8")

    def _table(self) -> npt.NDArray[np.void]:
        """Where each document starts, and its id, in bytes of the longest."""
        width = max((names.dtype.itemsize for names in self._names), default=1)
        table = np.zeros(self.num_documents, dtype=[("start", "<i8"), ("document", f"S{width}")])
        if self._lengths:
            ends = np.cumsum(np.concatenate(self._lengths))
            table["start"][1:] = ends[:-1]
            table["document"] = np.concatenate(self._names)
        return table
