"""How well a model foresees a text: nats per token, and bits per byte, which does not depend on the tokenizer.

In: a model and tokens. Out: `LossReport`. Every token is counted once, the first one too (it follows an end token, as
each document does). The stream is read in fixed windows of the model's context, in order, so two calls give the same
bits. Tokens that are not trained on (a question before its answer) are read but not counted. A token is foreseen from those of
its own document only, unless `is_across_documents`: then from all before it in its window.

    nats per token = - mean of ln p(token | those before it in its window)
    bits per byte  = - sum of ln p over the text's tokens / ln 2 / bytes of those tokens as imported

Bits per byte leave special tokens out: they are no text. Source: Gao et al., "The Pile" (2020), section 3.1.

Legend: B windows, T context, N tokens counted, V vocabulary.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy

from glassworks.common.errors import BadData
from glassworks.lm.data import TokenReader
from glassworks.lm.model.transformer import Transformer
from glassworks.specs.base import Spec
from glassworks.specs.stage import Stopped

LOGITS_AT_ONCE = 1 << 24
Ids = npt.NDArray[np.int64]
Nats = npt.NDArray[np.float64]


class LossReport(Spec):
    """`num_tokens` and `num_bytes` are what was counted; special tokens have no bytes."""

    nats_per_token: float
    bits_per_byte: float
    num_tokens: int
    num_bytes: int


@dataclass
class LossTally:
    """Adds up losses of tokens, wherever they come from: a model or a yardstick."""

    token_bytes: npt.NDArray[np.uint32]
    nats: float = 0.0
    text_nats: float = 0.0
    num_tokens: int = 0
    num_bytes: int = 0

    def add(self, ids_N: Ids, nats_N: Nats) -> None:
        bytes_N = self.token_bytes[ids_N]
        self.nats += float(nats_N.sum())
        self.text_nats += float(nats_N[bytes_N > 0].sum())
        self.num_tokens += len(ids_N)
        self.num_bytes += int(bytes_N.sum())

    def report(self) -> LossReport:
        """Raises BadData when there was nothing to count."""
        if not self.num_tokens:
            raise BadData(
                "nothing-to-measure",
                "The validation part has no token to measure a loss on.",
                "Hold more text out.",
            )
        return LossReport(
            nats_per_token=self.nats / self.num_tokens,
            bits_per_byte=self.text_nats / math.log(2) / max(1, self.num_bytes),
            num_tokens=self.num_tokens,
            num_bytes=self.num_bytes,
        )


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
    tally = LossTally(reader.token_bytes)
    losses = token_losses(model, reader, batch_size, max_tokens, is_across_documents)
    for positions_N, nats_N in losses:
        if should_stop():
            raise Stopped
        tally.add(reader.tokens_at(positions_N), nats_N)
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
