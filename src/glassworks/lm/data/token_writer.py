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

from glassworks.common.errors import BadData
from glassworks.lm.data.tokens import (
    DOCUMENTS_FILE,
    FIGURES_FILE,
    FORMAT,
    SHARD_TOKENS,
    TOKEN_BYTES_FILE,
    UINT16_IDS,
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
        self._dtype: npt.DTypeLike = np.uint16 if len(token_bytes) <= UINT16_IDS else np.uint32
        self._shard: BinaryIO | None = None
        self._mask: BinaryIO | None = None
        self._has_mask: bool | None = None
        self._starts: list[int] = []
        self._documents: list[str] = []
        self.num_tokens = 0
        self.num_trained = 0
        self.num_bytes = 0

    def __enter__(self) -> "TokenWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._close_shard()
        if kind is None:
            self._write_figures()

    def add(self, document: str, ids: list[int], mask: list[bool] | None = None) -> None:
        """Add a document. `mask`, of the same length, says which tokens are trained on; all documents have one, or none.

        The end token after a document is always trained on: a model has to know when to stop.
        """
        if self._has_mask is None:
            self._has_mask = mask is not None
        if self._has_mask != (mask is not None):
            raise BadData(
                "mixed-masks",
                f"Some documents say where their answer starts, {document!r} does not.",
                "Give all documents of a dataset `answer_start`, or none.",
            )
        self._starts.append(self.num_tokens)
        self._documents.append(document)
        self.num_bytes += int(self._token_bytes[ids].sum())
        self.num_trained += 1 + (len(ids) if mask is None else sum(mask))
        tokens = np.array([*ids, self._end_id], dtype=self._dtype)
        self._append(tokens, None if mask is None else np.array([*mask, True], dtype=np.bool_))

    @property
    def num_documents(self) -> int:
        return len(self._documents)

    def summary(self) -> dict[str, Any]:
        """The figures of the manifest."""
        num_text_tokens = max(1, self.num_tokens - len(self._documents))
        return {
            "documents": len(self._documents),
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
        width = max((len(document.encode()) for document in self._documents), default=1)
        table = np.zeros(len(self._starts), dtype=[("start", "<i8"), ("document", f"S{width}")])
        table["start"] = self._starts
        table["document"] = [document.encode() for document in self._documents]
        np.save(self._folder / DOCUMENTS_FILE, table, allow_pickle=False)
        np.save(self._folder / TOKEN_BYTES_FILE, self._token_bytes, allow_pickle=False)
        figures = {
            "format": FORMAT,
            "dtype": np.dtype(self._dtype).name,
            "shard_tokens": self._shard_tokens,
            "has_mask": bool(self._has_mask),
            "end_id": self._end_id,
            "tokenizer": self._tokenizer_id,
            **self.summary(),
        }
        text = json.dumps(figures, indent=2, sort_keys=True) + "\n"
        (self._folder / FIGURES_FILE).write_text(text, "utf-8")
