"""What a training read at one step: the windows of that batch, token by token, and how surprised a model is by each.

In: a token set, which batch of which run, a model. Out: `ReadBatch` (positions in the stream, documents, parts) and the nats of each
target. Unusual: nothing of this was written down while the model learned. A batch is a pure function of (seed, step, rank, world), so it
is made again whenever somebody asks, while the run goes on and years after.

The nats are those of the model that is given, computed as training does: the same windows, the same borders between documents, the same
dtype. With the weights that the step began with, their mean over the trained targets is the loss that the run recorded.

Legend: B rows of the batch, T context, S = T + 1 tokens of a window (its first one is only read).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy

from glassworks.lm.data.tokens import Ids, Mask, TokenReader
from glassworks.lm.model.transformer import Transformer

LOGITS_AT_ONCE = 1 << 24
Nats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BatchPlace:
    """Which batch: that of `step` (from 1, as a run counts) of this rank. The fields are those of a run's settings."""

    seed: int
    step: int
    batch_size: int
    context: int
    rank: int = 0
    world: int = 1


@dataclass(frozen=True)
class Stretch:
    """Tokens `start` to `stop` of a row, all of one document: its number in the token set, and where in it they begin."""

    document: int
    start: int
    stop: int
    offset: int
    is_begun: bool
    is_ended: bool
    """Whether the document begins, and ends, in this row."""


class ReadBatch:
    """The tokens of a batch and where they come from. Raises what `TokenReader.batch` raises."""

    def __init__(self, reader: TokenReader, place: BatchPlace) -> None:
        self.reader, self.place = reader, place
        starts_B = reader.windows(
            place.seed, place.step - 1, place.batch_size, place.context, place.rank, place.world
        )
        self.positions_BS: Ids = starts_B[:, None] + np.arange(place.context + 1)
        self.ids_BS: Ids = reader.tokens_at(self.positions_BS)
        self.is_trained_BT: Mask = reader.mask_at(self.positions_BS[:, 1:])

    @property
    def num_rows(self) -> int:
        return len(self.ids_BS)

    def part(self, row: int) -> int:
        """The part of the mixture that the row was read from; 0 where there is one part only."""
        ends = np.cumsum([part.num_tokens for part in self.reader.parts])
        return int(np.searchsorted(ends, self.positions_BS[row, 0], side="right"))

    def stretches(self, row: int) -> Iterator[Stretch]:
        """The documents of a row, in order."""
        starts, num_tokens = self._document_starts, self.reader.num_tokens
        first, last = int(self.positions_BS[row, 0]), int(self.positions_BS[row, -1])
        number = int(np.searchsorted(starts, first, side="right")) - 1
        while number < len(starts) and (begin := int(starts[number])) <= last:
            end = int(starts[number + 1]) if number + 1 < len(starts) else num_tokens
            if end > begin:  # a document always has its end token
                start, stop = max(begin, first), min(end, last + 1)
                yield Stretch(
                    document=number,
                    start=start - first,
                    stop=stop - first,
                    offset=start - begin,
                    is_begun=begin >= first,
                    is_ended=end <= last + 1,
                )
            number += 1

    def number_in_part(self, document: int) -> int:
        """A document's place in the dataset of its part, counted from 0."""
        starts = self._document_starts
        begin = int(np.searchsorted(self._part_begins, starts[document], side="right")) - 1
        first = int(np.searchsorted(starts, self._part_begins[begin], side="left"))
        return document - first

    def name(self, document: int) -> str:
        """A document's id."""
        return self._documents[1][document]

    @cached_property
    def _documents(self) -> tuple[Ids, list[str]]:
        return self.reader.documents()

    @property
    def _document_starts(self) -> Ids:
        return self._documents[0]

    @cached_property
    def _part_begins(self) -> Ids:
        return np.cumsum([0, *(part.num_tokens for part in self.reader.parts[:-1])])


def target_nats(
    model: Transformer, batch: ReadBatch, rows: range, is_across_documents: bool = False
) -> Nats:
    """- ln p of each target (rows, T), given the tokens before it in its window (and in its document, as training reads)."""
    model.eval()
    context = batch.place.context
    at_once = max(1, LOGITS_AT_ONCE // (context * model.vocab_size))
    found = [
        _nats(model, batch, rows[first : first + at_once], is_across_documents)
        for first in range(0, len(rows), at_once)
    ]
    return np.concatenate(found) if found else np.empty((0, context))


def _nats(model: Transformer, batch: ReadBatch, rows: range, is_across_documents: bool) -> Nats:
    here = slice(rows.start, rows.stop)
    segments = None
    if not is_across_documents:
        segments_BT = batch.reader.segments_at(batch.positions_BS[here, 1:])
        segments = None if segments_BT is None else torch.from_numpy(segments_BT).to(model.device)
    ids = torch.from_numpy(batch.ids_BS[here]).to(model.device)
    with torch.no_grad():
        logits_BTV = model(ids[:, :-1], segments_BS=segments).float()
    nats = cross_entropy(logits_BTV.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    found: Nats = nats.double().cpu().numpy().reshape(len(rows), -1)
    return found
