"""Statistics of a dataset in one pass: documents in, one after another; a `DescriptionSpec` out.

Memory stays bounded (some 200 MB) whatever the size of the dataset, beside the largest document. Documents are gathered to
portions of half a million characters, which numpy counts at once; a longer one goes through in slices. What had to be
capped on the way is told in `has_more`. The same documents in the same order give the same figures.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from glassworks.lm.data.documents import Document
from glassworks.lm.data.statistics.characters import Characters
from glassworks.lm.data.statistics.duplicates import (
    LOOKED_AT,
    MAX_DIFFERENT,
    MAX_SAMPLED,
    Duplicates,
    sample_keys,
)
from glassworks.lm.data.statistics.hashes import hash_name, hash_text
from glassworks.lm.data.statistics.lengths import Lengths
from glassworks.lm.data.statistics.ngrams import NGrams
from glassworks.lm.data.statistics.slices import PORTION_CHARACTERS, Slice, slices_of
from glassworks.lm.data.statistics.sources import MAX_SOURCES, NUM_LISTED, Sources
from glassworks.lm.data.statistics.tables import SampledKeys
from glassworks.lm.data.statistics.tokens import Tokens
from glassworks.lm.data.statistics.words import Keys, Piece, find_words
from glassworks.lm.tokenizer import Tokenizer
from glassworks.specs.description import DescriptionSpec, KindCounts

LINE_END = 10


@dataclass(frozen=True)
class Facts:
    """What is kept of a document until the portion in which it begins is counted."""

    text_hash: int
    group_hash: int
    source_hash: int
    num_bytes: int


class Statistics:
    """Counts documents. With a tokenizer tokens are counted too; `tokenizer_name` is how the figures call it."""

    def __init__(self, tokenizer: Tokenizer | None = None, tokenizer_name: str = "") -> None:
        self._characters = Characters()
        self._lengths = Lengths("bytes")
        self._sources = Sources()
        self._source_names = SampledKeys(MAX_DIFFERENT)
        self._groups = SampledKeys(MAX_DIFFERENT)
        self._ngrams = NGrams()
        self._duplicates = Duplicates()
        self._tokens = None if tokenizer is None else Tokens(tokenizer, tokenizer_name)
        self._waiting: list[Slice] = []
        self._waiting_facts: list[Facts] = []
        self._waiting_characters = 0
        self._num_words = 0
        self._num_documents = 0
        self._num_chats = 0
        self._has_cut = False

    @property
    def num_bytes(self) -> int:
        return self._lengths.total + sum(facts.num_bytes for facts in self._waiting_facts)

    def add(self, document: Document) -> None:
        num_bytes = document.num_bytes
        self._sources.add(document.source, num_bytes)
        self._num_chats += "messages" in document.meta
        facts = Facts(
            hash_text(document.text),
            hash_name(document.group),
            hash_name(document.source),
            num_bytes,
        )
        self._waiting_facts.append(facts)
        for slice_ in slices_of(document.text, self._num_documents, PORTION_CHARACTERS):
            self._waiting.append(slice_)
            self._waiting_characters += len(slice_.text) + 1
            if self._waiting_characters >= PORTION_CHARACTERS:
                self._count()
        self._num_documents += 1

    def spec(self) -> DescriptionSpec:
        self._count()
        return DescriptionSpec(
            num_documents=self._num_documents,
            num_bytes=self._lengths.total,
            num_characters=self._characters.num_characters,
            num_words=self._num_words,
            num_groups=self._groups.num_different,
            num_sources=self._source_names.num_different,
            sources=self._sources.listed(),
            lengths=self._lengths.spec(),
            scripts=self._characters.scripts(),
            characters=self._characters.shares(),
            duplicates=self._duplicates.spec(),
            ngrams=self._ngrams.spec(),
            tokens=self._tokens.spec(self._lengths.total) if self._tokens else None,
            kinds=KindCounts(text=self._num_documents - self._num_chats, chat=self._num_chats),
            has_more=tuple(self._capped()),
        )

    def _count(self) -> None:
        """Count the portion that waits."""
        slices, facts = self._waiting, self._waiting_facts
        self._waiting, self._waiting_facts, self._waiting_characters = [], [], 0
        if not slices:
            return
        self._lengths.add([one.num_bytes for one in facts])
        self._groups.add_all(_keys(one.group_hash for one in facts))
        self._source_names.add_all(_keys(one.source_hash for one in facts))
        piece = self._read(slices)
        self._num_words += len(piece.words)
        self._ngrams.add(piece)
        begun = [one for one in slices if one.is_first]
        if begun:
            hashes = _keys(one.text_hash for one in facts)
            keys = sample_keys(piece, hashes, begun[0].ordinal)
            self._duplicates.add(hashes, keys, [one.text for one in begun])
        if self._tokens is not None:
            self._tokens.add([one.text for one in slices], [one.is_last for one in slices])
            self._has_cut |= any(not one.is_last for one in slices)

    def _read(self, slices: list[Slice]) -> Piece:
        """The slices as one text with its words; the line ends between them are not counted."""
        text = "\n".join(one.text for one in slices)
        codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
        self._characters.look_up(codes)
        self._characters.uncount(LINE_END, len(slices) - 1)
        words = find_words(codes, self._characters)
        begins = np.cumsum([0] + [len(one.text) + 1 for one in slices[:-1]])
        ordinals = np.array([one.ordinal for one in slices])
        return Piece(text, words, ordinals[np.searchsorted(begins, words.starts, "right") - 1])

    def _capped(self) -> Iterator[str]:
        num_sources = self._source_names.num_different
        if num_sources > NUM_LISTED:
            yield f"Of {num_sources:,} sources the {NUM_LISTED} largest are listed."
        if self._sources.is_estimate:
            yield f"There were more than {MAX_SOURCES:,} sources: small ones were forgotten on the way."
        if self._lengths.is_rounded:
            yield "There were very many different lengths: percentiles are within 0.2 %."
        if self._groups.is_sample or self._source_names.is_sample or self._duplicates.is_sampled:
            yield (
                f"What there is more than {MAX_DIFFERENT:,} of (different texts, groups, sources) was counted in a sample"
                " and scaled up."
            )
        if self._duplicates.is_near_sampled:
            yield (
                f"Near copies were looked for in the first {LOOKED_AT:,} characters of at most {MAX_SAMPLED:,} texts,"
                " and scaled up."
            )
        if self._ngrams.is_estimate:
            yield "There were too many different words, pairs or triples: rare ones were forgotten, counts may be low."
        if self._has_cut:
            yield f"Documents of more than {PORTION_CHARACTERS:,} characters were cut into tokens in slices."


def _keys(hashes: Iterable[int]) -> Keys:
    return np.fromiter(hashes, dtype=np.uint64)
