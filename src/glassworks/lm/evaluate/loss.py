"""How well a model foresees a text: nats per token, and bits per byte, which does not depend on the tokenizer.

In: a model and tokens. Out: `LossReport`. Every token is counted once, the first one too (it follows an end token, as
each document does). The stream is read in fixed windows of the model's context, in order, so two calls give the same
bits. Tokens that are not trained on (a question before its answer) are read but not counted. A token is foreseen from those of
its own document only, unless `is_across_documents`: then from all before it in its window.

    nats per token = - mean of ln p(token | those before it in its window)
    bits per byte  = - sum of ln p over the text's tokens / ln 2 / bytes of those tokens as imported

Bits per byte leave special tokens out: they are no text. So two tokenizers whose models give a text the same probability
have the same bits per byte. Source: Gao et al., "The Pile" (2020), section 3.1. `bootstrap.py` says what the intervals are.

Legend: B windows, T context, N tokens counted, V vocabulary, U documents or windows.
"""

import math
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy

from glassworks.common.errors import BadData
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.bootstrap import draw_parts, put_together, ratio_interval
from glassworks.lm.model.transformer import Transformer
from glassworks.specs.base import Spec
from glassworks.specs.events import Interval
from glassworks.specs.stage import Stopped

LOGITS_AT_ONCE = 1 << 24
FEWEST_DOCUMENTS = 20
"""With fewer than these, windows are drawn for an interval."""
FEWEST_PARTS = 5
"""With fewer documents or windows than these, an interval would say nothing."""
Ids = npt.NDArray[np.int64]
Nats = npt.NDArray[np.float64]


class LossReport(Spec):
    """`num_tokens` and `num_bytes` are what was counted; special tokens have no bytes.

    The intervals hold 95 of 100 values that other text of this kind would give, drawn over `num_parts` documents or windows;
    None: too few of them.
    """

    nats_per_token: float
    bits_per_byte: float
    num_tokens: int
    num_bytes: int
    nats_interval: Interval | None = None
    bits_interval: Interval | None = None
    parts: Literal["documents", "windows"] = "documents"
    num_parts: int = 0

    @property
    def values(self) -> dict[str, float]:
        """By the ids of the metrics."""
        return {"validation_loss": self.nats_per_token, "bits_per_byte": self.bits_per_byte}

    @property
    def intervals(self) -> dict[str, Interval]:
        """By the ids of the metrics."""
        found = {"validation_loss": self.nats_interval, "bits_per_byte": self.bits_interval}
        return {name: interval for name, interval in found.items() if interval is not None}


class LossTally:
    """Adds up losses of tokens, wherever they come from: a model or a yardstick. `window`: tokens of a window."""

    def __init__(self, reader: TokenReader, window: int) -> None:
        self._reader = reader
        self._window = window
        self._num_windows = reader.num_tokens // window + 1
        self._sums: list[Nats] = []
        self._places: list[Ids] = []

    def add(self, positions_N: Ids, nats_N: Nats) -> None:
        """- ln p of the tokens at these positions of the stream, each position once in all."""
        bytes_N = self._reader.token_bytes[self._reader.tokens_at(positions_N)]
        windows_N = positions_N // self._window
        place_N = self._reader.document_at(positions_N) * self._num_windows + windows_N
        place_U, part_N = np.unique(place_N, return_inverse=True)
        columns = (nats_N, np.ones(len(nats_N)), nats_N * (bytes_N > 0), bytes_N)
        self._places.append(place_U)
        self._sums.append(np.stack([np.bincount(part_N, c, len(place_U)) for c in columns], 1))

    def report(self) -> LossReport:
        """Raises BadData when there was nothing to count."""
        if not sum(map(len, self._sums)):
            raise BadData(
                "nothing-to-measure",
                "The validation part has no token to measure a loss on.",
                "Hold more text out.",
            )
        parts, sums_UK = self._parts()
        nats_U, tokens_U, text_bits_U, bytes_U = sums_UK.T
        text_bits_U = text_bits_U / math.log(2)
        bytes_U = bytes_U * self._reader.bytes_per_decoded
        report = LossReport(
            nats_per_token=nats_U.sum() / tokens_U.sum(),
            bits_per_byte=text_bits_U.sum() / max(1.0, bytes_U.sum()),
            num_tokens=int(tokens_U.sum()),
            num_bytes=round(bytes_U.sum()),
            parts=parts,
            num_parts=len(sums_UK),
        )
        drawn_UK = put_together(np.stack([nats_U, tokens_U, text_bits_U, bytes_U], axis=1))
        if len(drawn_UK) < FEWEST_PARTS:
            return report
        draws_RU = draw_parts(len(drawn_UK))
        intervals = {"nats_interval": ratio_interval(draws_RU, drawn_UK[:, 0], drawn_UK[:, 1])}
        if bytes_U.any():
            intervals["bits_interval"] = ratio_interval(draws_RU, drawn_UK[:, 2], drawn_UK[:, 3])
        return report.model_copy(update=intervals)

    def _parts(self) -> tuple[Literal["documents", "windows"], Nats]:
        """What an interval draws, and the four sums of each: whole documents where there are enough of them."""
        documents, windows = np.divmod(np.concatenate(self._places), self._num_windows)
        sums = np.concatenate(self._sums)
        names, part = np.unique(documents, return_inverse=True)
        has_documents = len(names) >= FEWEST_DOCUMENTS
        if not has_documents:
            names, part = np.unique(windows, return_inverse=True)
        added = [np.bincount(part, column, len(names)) for column in sums.T]
        return ("documents" if has_documents else "windows"), np.stack(added, axis=1)


def never() -> bool:
    return False


def measure_loss(
    model: Transformer,
    reader: TokenReader,
    batch_size: int | None = None,
    max_tokens: int | None = None,
    should_stop: Callable[[], bool] = never,
    is_across_documents: bool = False,
) -> LossReport:
    """The loss on the whole text, or on about `max_tokens` of it, in windows spread evenly.

    Device and dtype are the model's. Raises BadData for an empty text, Stopped when `should_stop` says so.
    """
    tally = LossTally(reader, model.architecture.context)
    losses = token_losses(model, reader, batch_size, max_tokens, is_across_documents)
    for positions_N, nats_N in losses:
        if should_stop():
            raise Stopped
        tally.add(positions_N, nats_N)
    return tally.report()


def token_losses(
    model: Transformer,
    reader: TokenReader,
    batch_size: int | None = None,
    max_tokens: int | None = None,
    is_across_documents: bool = False,
) -> Iterator[tuple[Ids, Nats]]:
    """Batch after batch: positions in the stream of the tokens that count, and - ln p of each."""
    context = model.architecture.context
    batch_size = batch_size or max(1, LOGITS_AT_ONCE // (context * model.architecture.num_tokens))
    windows = _windows(reader.num_tokens, context, max_tokens)
    model.eval()
    with torch.no_grad():
        for first in range(0, len(windows), batch_size):
            starts_B = windows[first : first + batch_size] * context
            positions_BT = starts_B[:, None] + np.arange(context)
            nats_BT = _nats(model, reader, positions_BT, is_across_documents)
            counted_BT = positions_BT < reader.num_tokens
            counted_BT[counted_BT] = reader.mask_at(positions_BT[counted_BT])
            yield positions_BT[counted_BT], nats_BT[counted_BT]


def _windows(num_tokens: int, context: int, max_tokens: int | None) -> Ids:
    """Numbers of the windows to read: all, or some of them spread evenly from the first to the last."""
    num_windows = -(-num_tokens // context)
    if max_tokens is None or max_tokens >= num_tokens:
        return np.arange(num_windows)
    wanted = max(1, max_tokens // context)
    return np.linspace(0, num_windows - 1, num=wanted).astype(np.int64)


def _nats(
    model: Transformer, reader: TokenReader, positions_BT: Ids, is_across_documents: bool
) -> Nats:
    """- ln p of the token at each position, given those before it in its window and one more before that."""
    last = reader.num_tokens - 1
    held_BT = np.minimum(positions_BT, last)
    targets_BT = reader.tokens_at(held_BT)
    before_BT = np.clip(positions_BT - 1, 0, last)
    inputs_BT = np.where(positions_BT == 0, reader.end_id, reader.tokens_at(before_BT))
    segments = None
    if not is_across_documents and (segments_BT := reader.segments_at(held_BT)) is not None:
        segments = torch.from_numpy(segments_BT).to(model.device)
    inputs = torch.from_numpy(inputs_BT).to(model.device)
    logits_BTV = model(inputs, segments_BS=segments).float()
    targets = torch.from_numpy(targets_BT).to(model.device)
    nats = cross_entropy(logits_BTV.flatten(0, 1), targets.flatten(), reduction="none")
    found: Nats = nats.double().cpu().numpy().reshape(positions_BT.shape)
    return found
