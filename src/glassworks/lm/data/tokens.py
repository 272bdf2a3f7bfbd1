"""Token ids on disk: packed, memory-mapped, and cut into batches by arithmetic alone.

In: documents as ids. Out: `shard-*.bin` (uint16, or uint32 above 65,536 ids), `documents.npy` (where each document
starts, and its id), `token-bytes.npy` (how many bytes each id stands for), `tokens.json` (the figures), and
`mask-*.bin` where only some tokens are trained on. Documents follow each other with an end token after each.

Unusual: a batch is a pure function of (seed, step, rank, world). The stream is tiled with windows of `context` tokens;
each epoch visits every window once, in an order drawn from Philox, a counter-based generator, keyed by seed and epoch.
So nothing has to be saved to go on exactly where one stopped.

Legend: B batch, T time (context).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from glassworks.common.errors import BadData, InvalidSpec, NotFound

FORMAT = 1
FIGURES_FILE = "tokens.json"
DOCUMENTS_FILE = "documents.npy"
TOKEN_BYTES_FILE = "token-bytes.npy"
SHARD_TOKENS = 1 << 27
UINT16_IDS = 1 << 16

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Batch:
    """`targets_BT` is `inputs_BT` one token later; where `mask_BT` is false a target is not trained on."""

    inputs_BT: Ids
    targets_BT: Ids
    mask_BT: Mask | None


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


class TokenReader:
    """A `tokens` artifact, memory-mapped. Raises NotFound for another folder, BadData for a damaged one."""

    def __init__(self, folder: Path) -> None:
        figures = _read_figures(folder)
        self.folder = folder
        self.num_tokens: int = figures["tokens"]
        self.num_trained: int = figures["trained_tokens"]
        self.num_bytes: int = figures["bytes"]
        """Bytes of the text as imported."""
        self.num_documents: int = figures["documents"]
        self.vocab_size: int = figures["vocab_size"]
        self.end_id: int = figures["end_id"]
        self.tokenizer_id: str = figures["tokenizer"]
        self.has_mask: bool = figures["has_mask"]
        self._shard_tokens: int = figures["shard_tokens"]
        self._shards = self._map("shard", figures["dtype"])
        self._masks = self._map("mask", "bool") if self.has_mask else []
        self.token_bytes: npt.NDArray[np.uint32] = np.load(
            folder / TOKEN_BYTES_FILE, allow_pickle=False
        )

    def batch(
        self, seed: int, step: int, batch_size: int, context: int, rank: int = 0, world: int = 1
    ) -> Batch:
        """Batch number `step` (from 0) of this `rank`: (batch_size, context) ids and the ids one later.

        All ranks together take `world * batch_size` windows a step, no window twice in an epoch.
        Raises BadData when the text is shorter than one window.
        """
        first = (step * world + rank) * batch_size
        num_windows = self.num_windows(context)
        epochs, places = np.divmod(np.arange(first, first + batch_size), num_windows)
        windows = np.empty(batch_size, dtype=np.int64)
        for epoch in np.unique(epochs):
            here = epochs == epoch
            windows[here] = _window_order(seed, int(epoch), num_windows)[places[here]]
        positions = windows[:, None] * context + np.arange(context + 1)
        tokens = self.tokens_at(positions)
        mask = self.mask_at(positions[:, 1:]) if self.has_mask else None
        return Batch(tokens[:, :-1], tokens[:, 1:], mask)

    def num_windows(self, context: int) -> int:
        """Windows in an epoch. Raises BadData when there is none."""
        num_windows = (self.num_tokens - 1) // context
        if num_windows < 1:
            raise BadData(
                "text-too-short",
                f"The text has {self.num_tokens:,} tokens; one window needs {context + 1:,}.",
                "Import more text, or set a shorter context.",
                str(self.folder),
            )
        return num_windows

    def tokens(self) -> Ids:
        """All token ids of the stream, in memory."""
        return self.tokens_at(np.arange(self.num_tokens))

    def tokens_at(self, positions: Ids) -> Ids:
        """Token ids at these positions, any shape."""
        return self._gather(self._shards, positions).astype(np.int64)

    def mask(self) -> Mask:
        """Which tokens of the stream are trained on."""
        return self.mask_at(np.arange(self.num_tokens))

    def mask_at(self, positions: Ids) -> Mask:
        """Which of the tokens at these positions are trained on; all, where there is no mask."""
        if not self.has_mask:
            return np.ones(positions.shape, dtype=np.bool_)
        return self._gather(self._masks, positions)

    def documents(self) -> tuple[Ids, list[str]]:
        """Where each document starts, and its id. A document ends with its end token, before the next start."""
        table = np.load(self.folder / DOCUMENTS_FILE, allow_pickle=False)
        return table["start"].astype(np.int64), [name.decode() for name in table["document"]]

    def _gather(self, shards: list[Any], positions: npt.NDArray[Any]) -> npt.NDArray[Any]:
        found: npt.NDArray[Any]
        if len(shards) == 1:
            found = shards[0][positions]
            return found
        if not shards:
            raise BadData(
                "empty-tokens",
                f"{self.folder} holds no token.",
                "Tokenize a dataset that has text.",
                str(self.folder),
            )
        numbers, offsets = np.divmod(positions, self._shard_tokens)
        found = np.empty(positions.shape, dtype=shards[0].dtype)
        for number in np.unique(numbers):
            here = numbers == number
            found[here] = shards[number][offsets[here]]
        return found

    def _map(self, name: str, dtype: str) -> list[Any]:
        paths = sorted(self.folder.glob(f"{name}-*.bin"))
        shards = [np.memmap(path, dtype=dtype, mode="r") for path in paths]
        if sum(len(shard) for shard in shards) != self.num_tokens:
            raise BadData(
                "damaged-tokens",
                f"{self.folder} should hold {self.num_tokens:,} tokens in {name}-*.bin, but does not.",
                "Tokenize the dataset again.",
                str(self.folder),
            )
        return shards


def _read_figures(folder: Path) -> dict[str, Any]:
    try:
        figures: dict[str, Any] = json.loads((folder / FIGURES_FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotFound(
            "tokens-not-found",
            f"{folder} is not a token set: {FIGURES_FILE} is missing.",
            "Tokenize the dataset first.",
            str(folder),
        ) from error
    if figures.get("format") != FORMAT:
        raise InvalidSpec(
            "newer-format",
            f"{folder} has the format {figures.get('format')}; this version reads {FORMAT}.",
            "Update Glassworks, or tokenize the dataset again.",
            str(folder),
        )
    return figures


@lru_cache(maxsize=4)
def _window_order(seed: int, epoch: int, num_windows: int) -> Ids:
    """A permutation of the windows: sorted by Philox's raw bits, which no version of numpy draws differently."""
    bits = np.random.Philox(key=[seed, epoch]).random_raw(num_windows)
    return np.argsort(bits, kind="stable")
