"""A batch of a run, told: opened once, its loss computed once, then shown row by row (`read_batch.py` says what is answered).

Of the models that were asked for the last one is kept: whoever leafs through steps mostly stays at the same weights.
"""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from glassworks.lm.checkpoint.files import read_architecture, read_checkpoint
from glassworks.lm.data import DatasetReader, Document, TokenReader
from glassworks.lm.data.tokens import Mask
from glassworks.lm.explain.batches import BatchPlace, Nats, Stretch, target_nats
from glassworks.lm.explain.batches import ReadBatch as Batch
from glassworks.lm.model.transformer import Transformer, build_model
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.lm.train.precision import DTYPES
from glassworks.lm.train.starting import start_from
from glassworks.lm.train.streams import derive_seed
from glassworks.storage.store import Store
from glassworks.worker.ops._batch_question import BatchQuestion

WHOLE_FLOPS = 4e11
"""About ten seconds of one thread: a batch that takes more is scored by the rows that are asked for."""
NUM_SURPRISING = 20
AROUND = 12
"""Tokens on either side of a surprising one."""
MAX_TOKENS = 32_768
"""Of an answer; of longer rows fewer are told."""


class ToldBatch:
    """One batch under one set of weights."""

    def __init__(self, args: BatchQuestion) -> None:
        self.args = args
        self.tokenizer = load_tokenizer(artifact_folder(args.store, args.tokenizer))
        reader = TokenReader(artifact_folder(args.store, args.tokens))
        self.model, self.weights_step = _model(
            args.store,
            args.tokenizer,
            args.architecture,
            args.checkpoint,
            args.init_from,
            args.seed,
            args.dtype,
        )
        context = self.model.architecture.context
        place = BatchPlace(args.seed, args.step, args.batch_size, context, args.rank, args.world)
        self.batch = Batch(reader, place)
        num_tokens = self.batch.num_rows * context
        self.is_whole = 2.0 * self.model.num_parameters * num_tokens <= WHOLE_FLOPS

    def told(self, first: int, num: int) -> dict[str, Any]:
        batch = self.batch
        num = min(num, max(1, MAX_TOKENS // batch.ids_BS.shape[1]))
        asked = range(min(first, batch.num_rows), min(first + num, batch.num_rows))
        scored = range(batch.num_rows) if self.is_whole else asked
        nats = self._nats if self.is_whole else self._score(scored)
        is_trained = batch.is_trained_BT[scored.start : scored.stop]
        trained = nats[is_trained]
        documents = self._documents(asked)
        return {
            "num_rows": batch.num_rows,
            "context": batch.place.context,
            "num_tokens": int(batch.is_trained_BT.size),
            "num_trained": int(batch.is_trained_BT.sum()),
            "num_scored_rows": len(scored),
            "weights_step": self.weights_step,
            "mean_nats": float(trained.mean()) if len(trained) else None,
            "rows": [self._row(row, nats[row - scored.start], documents) for row in asked],
            "surprising": self._surprising(scored, nats, is_trained),
        }

    @cached_property
    def _nats(self) -> Nats:
        return self._score(range(self.batch.num_rows))

    def _score(self, rows: range) -> Nats:
        return target_nats(self.model, self.batch, rows, self.args.is_across_documents)

    def _row(
        self, row: int, nats: Nats, documents: dict[tuple[int, int], Document]
    ) -> dict[str, Any]:
        batch = self.batch
        part = batch.part(row)
        tokens: list[dict[str, Any]] = [
            {"id": int(id_), "text": self._spelled(int(id_))} for id_ in batch.ids_BS[row]
        ]
        tokens[0] |= {"nats": None, "is_trained": False}
        is_trained = batch.is_trained_BT[row].tolist()
        for token, lost, counts in zip(tokens[1:], nats.tolist(), is_trained, strict=True):
            token |= {"nats": round(lost, 4), "is_trained": counts}
        return {
            "row": row,
            "part": batch.reader.parts[part].name,
            "part_number": part,
            "start": int(batch.positions_BS[row, 0]),
            "stretches": [
                self._stretch(stretch, part, documents) for stretch in batch.stretches(row)
            ],
            "tokens": tokens,
        }

    def _stretch(
        self, stretch: Stretch, part: int, documents: dict[tuple[int, int], Document]
    ) -> dict[str, Any]:
        ordinal = self.batch.number_in_part(stretch.document)
        document = documents.get((part, ordinal))
        return {
            "document": self.batch.name(stretch.document),
            "ordinal": ordinal,
            "source": document.source if document else None,
            "group": document.group if document else None,
            "start": stretch.start,
            "stop": stretch.stop,
            "offset": stretch.offset,
            "is_begun": stretch.is_begun,
            "is_ended": stretch.is_ended,
        }

    def _documents(self, rows: range) -> dict[tuple[int, int], Document]:
        """(part, place in its dataset) -> the document, of those that the rows hold and whose dataset is known."""
        wanted: dict[int, set[int]] = {}
        for row in rows:
            numbers = (self.batch.number_in_part(s.document) for s in self.batch.stretches(row))
            wanted.setdefault(self.batch.part(row), set()).update(numbers)
        found: dict[tuple[int, int], Document] = {}
        for part, ordinals in wanted.items():
            dataset = self.args.datasets[part] if part < len(self.args.datasets) else None
            if dataset is not None:
                reader = DatasetReader(artifact_folder(self.args.store, dataset))
                found |= {(part, ordinal): one for ordinal, one in reader.at(ordinals)}
        return found

    def _surprising(self, rows: range, nats: Nats, is_trained: Mask) -> list[dict[str, Any]]:
        """The most surprising first; equal ones in the order of the batch."""
        flat = np.where(is_trained, nats, -1.0).ravel()
        most = np.argsort(-flat, kind="stable")[:NUM_SURPRISING]
        context = self.batch.place.context
        return [
            self._surprise(rows.start + at // context, at % context + 1, float(flat[at]))
            for at in most.tolist()
            if flat[at] >= 0
        ]

    def _surprise(self, row: int, place: int, nats: float) -> dict[str, Any]:
        ids = self.batch.ids_BS[row].tolist()
        stretches = list(self.batch.stretches(row))
        here = next(s for s in stretches if s.start <= place < s.stop)
        return {
            "row": row,
            "place": place,
            "text": self._spelled(ids[place]),
            "nats": round(nats, 4),
            "before": self._joined(ids[max(0, place - AROUND) : place]),
            "after": self._joined(ids[place + 1 : place + 1 + AROUND]),
            "document": self.batch.name(here.document),
        }

    def _joined(self, ids: list[int]) -> str:
        return "".join(map(self._spelled, ids))

    def _spelled(self, id_: int) -> str:
        """As a person reads it; special tokens by their names."""
        return self._spellings[id_] if id_ < len(self._spellings) else ""

    @cached_property
    def _spellings(self) -> list[str]:
        tokenizer = self.tokenizer
        special = set(tokenizer.special_ids.values())
        return [
            tokenizer.spelling(id_) if id_ in special else tokenizer.piece(id_)
            for id_ in range(tokenizer.vocab_size)
        ]


@lru_cache(maxsize=1)
def _model(
    store: str,
    tokenizer: str,
    architecture: str,
    checkpoint: str | None,
    init_from: str | None,
    seed: int,
    dtype: str,
) -> tuple[Transformer, int]:
    """The weights, in the dtype in which the run computes, and their step."""
    torch.set_num_threads(1)  # something may be training beside
    if checkpoint is not None:
        found = read_checkpoint(artifact_folder(store, checkpoint))
        return found.model.to(DTYPES[dtype]), found.step
    words = load_tokenizer(artifact_folder(store, tokenizer))
    config = read_architecture(artifact_folder(store, architecture))
    config = config.with_vocab_size(words.vocab_size)
    drawn = derive_seed(seed, "weights", 0)
    if init_from is None:
        model = build_model(config, seed=drawn)
    else:
        folder = artifact_folder(store, init_from)
        model = start_from(folder, words, tokenizer, config, drawn).model
    return model.to(DTYPES[dtype]), 0


def artifact_folder(store: str, artifact: str) -> Path:
    """Raises NotFound when it is not in the store."""
    return Store(Path(store)).artifacts.path(artifact)
