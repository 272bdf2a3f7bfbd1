"""Token ids on disk: packed, memory-mapped, and cut into batches by arithmetic alone.

In: documents as ids. Out: `shard-*.bin` (uint16, or uint32 above 65,536 ids), `documents.npy` (where each document
starts, and its id), `token-bytes.npy` (how many bytes each id stands for), `tokens.json` (the figures), and
`mask-*.bin` where only some tokens are trained on. Documents follow each other with an end token after each.

Unusual: a batch is a pure function of (seed, step, rank, world). The stream is tiled with windows of `context` tokens, and
`mixture.py` says which of them is read when. So nothing has to be saved to go on exactly where one stopped.

A mixture (`mixing.py`) is a token set too, of format 2: its parts' streams stand one behind the other, and its figures tell
their sizes and weights.

A window may hold the end of one document and the beginning of the next. Which document an input belongs to is told by what
is to be foreseen there: the end token before a document is the first input of that document, as it is when a model writes.

Legend: B batch, T time (context).
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.data.mixture import Mixture, Part, shares_of

FORMAT = 1
MIXTURE_FORMAT = 2
FIGURES_FILE = "tokens.json"
DOCUMENTS_FILE = "documents.npy"
TOKEN_BYTES_FILE = "token-bytes.npy"
SHARD_TOKENS = 1 << 27
UINT16_IDS = 1 << 16

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Batch:
    """`targets_BT` is `inputs_BT` one token later; where `mask_BT` is false a target is not trained on.

    `segments_BT`: number of the document that each target belongs to; None where it was not asked for, or where no window
    holds more than one document.
    """

    inputs_BT: Ids
    targets_BT: Ids
    mask_BT: Mask | None
    segments_BT: Ids | None = None


class TokenReader:
    """A `tokens` artifact, memory-mapped. Raises NotFound for another folder, BadData for a damaged one."""

    def __init__(self, folder: Path) -> None:
        figures = _read_figures(folder)
        self.folder = folder
        self.num_tokens: int = figures["tokens"]
        self.num_trained: int = figures["trained_tokens"]
        self.num_bytes: int = figures["bytes"]
        """Bytes of the text as imported."""
        self.num_decoded: int = figures.get("decoded_bytes", self.num_bytes)
        """Bytes that the tokens stand for; others than `num_bytes` where a tokenizer does not keep everything."""
        self.bytes_per_decoded = self.num_bytes / self.num_decoded if self.num_decoded else 1.0
        self.num_documents: int = figures["documents"]
        self.vocab_size: int = figures["vocab_size"]
        self.end_id: int = figures["end_id"]
        self.tokenizer_id: str = figures["tokenizer"]
        self.has_mask: bool = figures["has_mask"]
        self.parts = tuple(
            Part(part["name"], part["tokens"], part["weight"], part["max_epochs"])
            for part in figures.get("parts", [])
        ) or (Part("", self.num_tokens),)
        """Of a mixture; else the one part that is all."""
        self.dtype: str = figures["dtype"]
        self._orders: dict[int, Mixture] = {}
        self._shards = self._map("shard", self.dtype)
        self._shard_ends = np.cumsum([len(shard) for shard in self._shards])
        self._masks = self._map("mask", "bool") if self.has_mask else []
        self.token_bytes: npt.NDArray[np.uint32] = np.load(
            folder / TOKEN_BYTES_FILE, allow_pickle=False
        )

    def batch(
        self,
        seed: int,
        step: int,
        batch_size: int,
        context: int,
        rank: int = 0,
        world: int = 1,
        has_segments: bool = False,
    ) -> Batch:
        """Batch number `step` (from 0) of this `rank`: (batch_size, context) ids and the ids one later.

        All ranks together take `world * batch_size` windows a step, no window twice in an epoch.
        Raises BadData when the text is shorter than one window.
        """
        starts = self.windows(seed, step, batch_size, context, rank, world)
        positions = starts[:, None] + np.arange(context + 1)
        tokens = self.tokens_at(positions)
        mask = self.mask_at(positions[:, 1:]) if self.has_mask else None
        segments = self.segments_at(positions[:, 1:]) if has_segments else None
        return Batch(tokens[:, :-1], tokens[:, 1:], mask, segments)

    def windows(
        self, seed: int, step: int, batch_size: int, context: int, rank: int = 0, world: int = 1
    ) -> Ids:
        """Where the windows of a batch begin in the stream; `batch` reads them."""
        first = (step * world + rank) * batch_size
        return self.order(context).starts(seed, np.arange(first, first + batch_size))

    def num_windows(self, context: int) -> int:
        """Windows in an epoch, of all parts together. Raises BadData when there is none."""
        return int(self.order(context).num_windows_P.sum())

    def order(self, context: int) -> Mixture:
        """Which window of `context` tokens is read when. Raises BadData when there is none."""
        if context not in self._orders:
            self._orders[context] = Mixture(self.parts, context, str(self.folder))
        return self._orders[context]

    def head(self, max_tokens: int) -> Ids:
        """Positions of at most `max_tokens` tokens: the beginning of the stream, of each part by its weight."""
        if self.num_tokens <= max_tokens or len(self.parts) == 1:
            return np.arange(min(self.num_tokens, max_tokens))
        begins = np.cumsum([0, *(part.num_tokens for part in self.parts)])
        shares = shares_of([part.weight for part in self.parts])
        return np.concatenate(
            [
                begin + np.arange(min(part.num_tokens, int(share * max_tokens)))
                for begin, part, share in zip(begins, self.parts, shares, strict=False)
            ]
        )

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

    def document_at(self, positions: Ids) -> Ids:
        """Number of the document that each position lies in, any shape."""
        numbers = np.searchsorted(self._document_starts, positions, side="right") - 1
        return numbers.astype(np.int64)

    def segments_at(self, positions_BT: Ids) -> Ids | None:
        """Number of the document of each position, or None where no row (of rising positions) holds more than one."""
        segments_BT = self.document_at(positions_BT)
        return None if (segments_BT[:, 0] == segments_BT[:, -1]).all() else segments_BT

    @cached_property
    def _document_starts(self) -> Ids:
        return self.documents()[0]

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
        numbers = np.searchsorted(self._shard_ends, positions, side="right")
        found = np.empty(positions.shape, dtype=shards[0].dtype)
        for number in np.unique(numbers):
            here, end = numbers == number, self._shard_ends[number]
            found[here] = shards[number][positions[here] - end]  # counted from the shard's end
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
    if figures.get("format") not in (FORMAT, MIXTURE_FORMAT):
        raise InvalidSpec(
            "newer-format",
            f"{folder} has the format {figures.get('format')}; this version reads {FORMAT} and {MIXTURE_FORMAT}.",
            "Update Glassworks, or tokenize the dataset again.",
            str(folder),
        )
    return figures
