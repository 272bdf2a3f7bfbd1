"""SentencePiece's vocabularies as a `tokenizer.json`: pieces with scores, `▁` for a space, bytes where a piece is missing.

In: `Pieces`, from a SentencePiece model or a GGUF file. Out: the JSON with the same ids.
BPE: SentencePiece joins the two neighbors whose joint piece has the highest score. As a list of merges that is every
way to make a piece out of two, best score first. Among equal scores it goes from left to right, so the leftmost run of
spaces grows as far as it can; in the list, longer runs stand first, which comes to the same. Other equals are refused.
Unigram: the library may choose any entry of the vocabulary, but special and byte pieces must never come from text. Their
scores are put so low that spelling them out in single characters is always better. Where a character of such a spelling
is no piece, that proof fails; there each run of unknown characters is cut out first, which no piece crosses anyhow.
What the library does in its own way: a text that is one of the model's own symbols and nothing else gets no space before
it; a character map (`charsmap.py`) is applied to what a reader takes for one character, so rare sequences of accents may
come out differently; an unknown piece is decoded to nothing.
"""

import base64
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, pairwise
from typing import Any

from glassworks.lm.tokenizer.foreign.failures import broken, unknown_kind

SPACE = "\u2581"  # ▁
MANY = 1_000_000


class Kind(IntEnum):
    """What a piece is for; the numbers are SentencePiece's, and ggml's."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6

    @classmethod
    def of(cls, number: int) -> "Kind":
        """Raises BadData for a number that has no meaning."""
        try:
            return cls(number)
        except ValueError as error:
            raise broken(f"A piece is of the unknown type {number}.") from error


@dataclass(frozen=True)
class Pieces:
    """spellings, scores and kinds are by id. has_prefix: a space is put before a text.

    is_trimmed: runs of spaces become one, those at both ends none. charsmap: SentencePiece's compiled map of characters.
    """

    spellings: list[str]
    scores: list[float]
    kinds: list[Kind]
    is_unigram: bool
    has_prefix: bool
    is_trimmed: bool
    charsmap: bytes = b""

    def of_kind(self, *kinds: Kind) -> Iterator[str]:
        """The spellings of these kinds."""
        return (s for s, kind in zip(self.spellings, self.kinds, strict=True) if kind in kinds)


def to_document(pieces: Pieces) -> dict[str, Any]:
    """The `tokenizer.json` with the same ids. Raises BadData where it cannot have the same."""
    _check(pieces)
    has_bytes = Kind.BYTE in pieces.kinds
    model = _unigram(pieces, has_bytes) if pieces.is_unigram else _bpe(pieces, has_bytes)
    return {
        "version": "1.0",
        "added_tokens": [
            added_token(id_, spelling, kind)
            for id_, (spelling, kind) in enumerate(zip(pieces.spellings, pieces.kinds, strict=True))
            if kind in (Kind.UNKNOWN, Kind.CONTROL, Kind.USER_DEFINED)
        ],
        "normalizer": _normalizer(pieces),
        "pre_tokenizer": _cut_out_unknown(pieces) if pieces.is_unigram else None,
        "decoder": _decoder(pieces),
        "model": model,
    }


def added_token(id_: int, spelling: str, kind: Kind) -> dict[str, Any]:
    """How a `tokenizer.json` says that a spelling is cut out of a text before anything else."""
    is_text = kind is Kind.USER_DEFINED
    off = dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
    return {"id": id_, "content": spelling, "special": not is_text, "normalized": is_text, **off}


def _check(pieces: Pieces) -> None:
    if not pieces.spellings or "" in pieces.spellings:
        raise broken("The vocabulary has a piece without a spelling, or no pieces.")
    if len(set(pieces.spellings)) < len(pieces.spellings):
        raise broken("Two pieces of the vocabulary are spelled alike.")
    if not all(map(math.isfinite, pieces.scores)):
        raise broken("A piece has a score that is no number.")
    if pieces.kinds.count(Kind.UNKNOWN) != 1:
        raise broken("The vocabulary must have one piece for what is unknown.")
    if pieces.kinds.count(Kind.BYTE) not in (0, 256):
        raise broken("The vocabulary has some of the 256 bytes and not the others.")
    characters = {spelling for spelling in pieces.of_kind(Kind.NORMAL) if len(spelling) == 1}
    if not all(characters.issuperset(spelling) for spelling in pieces.of_kind(Kind.NORMAL)):
        raise unknown_kind("A piece has a character that is no piece by itself.")


def _bpe(pieces: Pieces, has_bytes: bool) -> dict[str, Any]:
    vocab = {spelling: id_ for id_, spelling in enumerate(pieces.spellings)}
    return {
        "type": "BPE",
        "vocab": vocab,
        "merges": list(_merges(pieces, vocab)),
        "unk_token": next(pieces.of_kind(Kind.UNKNOWN)),
        "fuse_unk": True,
        "byte_fallback": has_bytes,
        "ignore_merges": False,
    }


def _merges(pieces: Pieces, vocab: dict[str, int]) -> Iterator[list[str]]:
    """Best score first; of one piece, all the ways to make it."""
    normal = set(pieces.of_kind(Kind.NORMAL))
    made = [
        (pieces.scores[vocab[spelling]], len(spelling), spelling)
        for spelling in normal
        if len(spelling) > 1
    ]
    made.sort(reverse=True)
    for (score, _, spelling), (next_score, _, following) in pairwise(made):
        if score == next_score and len({*spelling, *following}) > 1:
            raise unknown_kind(f"The pieces {spelling!r} and {following!r} have the same score.")
    for _, _, spelling in made:
        for end in range(1, len(spelling)):
            if spelling[:end] in normal and spelling[end:] in normal:
                yield [spelling[:end], spelling[end:]]


def _unigram(pieces: Pieces, has_bytes: bool) -> dict[str, Any]:
    lowest = min(
        (s for s, k in zip(pieces.scores, pieces.kinds, strict=True) if _is_text(k)), default=0
    )
    longest = max(map(len, pieces.of_kind(*_NEVER)), default=0)
    never = min(lowest, 0.0) * (longest + 1) - 1
    return {
        "type": "Unigram",
        "unk_id": pieces.kinds.index(Kind.UNKNOWN),
        "vocab": [
            [spelling, score if _is_text(kind) else never]
            for spelling, score, kind in zip(
                pieces.spellings, pieces.scores, pieces.kinds, strict=True
            )
        ],
        "byte_fallback": has_bytes,
    }


_NEVER = (Kind.UNKNOWN, Kind.CONTROL, Kind.UNUSED, Kind.BYTE)
"""Kinds that a text never yields by its letters."""


def _is_text(kind: Kind) -> bool:
    return kind not in _NEVER


def _cut_out_unknown(pieces: Pieces) -> dict[str, Any] | None:
    """The step that the module's head speaks of, or None where every character of every special spelling is a piece."""
    known = {spelling for spelling in pieces.of_kind(Kind.NORMAL) if len(spelling) == 1}
    if all(set(spelling) <= known for spelling in pieces.of_kind(*_NEVER)):
        return None
    pattern = {"Regex": f"[^{_ranges(known)}]+"}
    return {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False}


def _ranges(characters: Iterable[str]) -> str:
    """Characters as the inside of a class in an expression, neighbors together."""
    codes = enumerate(sorted(map(ord, characters)))
    runs = [[code for _, code in run] for _, run in groupby(codes, lambda pair: pair[1] - pair[0])]
    return "".join(rf"\x{{{run[0]:x}}}-\x{{{run[-1]:x}}}" for run in runs)


def _normalizer(pieces: Pieces) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    if pieces.charsmap:
        charsmap = base64.b64encode(pieces.charsmap).decode()
        steps.append({"type": "Precompiled", "precompiled_charsmap": charsmap})
    if pieces.is_trimmed:
        steps += [
            _replace({"Regex": rf"\A +|[ {SPACE}]+\z"}, ""),
            _replace({"Regex": " {2,}"}, " "),
        ]
    if pieces.has_prefix:
        steps.append(_prefix(list(pieces.of_kind(Kind.USER_DEFINED))))
    return {"type": "Sequence", "normalizers": [*steps, _replace({"String": " "}, SPACE)]}


def _prefix(own: list[str]) -> dict[str, Any]:
    """A space before the text. The library prepares the spellings of pieces with `own` meaning too: not before those."""
    if not own:
        return {"type": "Prepend", "prepend": SPACE}
    spellings = "|".join(map(re.escape, own))
    return _replace({"Regex": rf"\A(?!(?:{spellings})\z)(?=(?m:.))"}, SPACE)


def _decoder(pieces: Pieces) -> dict[str, Any]:
    steps = [_replace({"String": SPACE}, " "), {"type": "ByteFallback"}, {"type": "Fuse"}]
    if pieces.has_prefix:
        most = MANY if pieces.is_trimmed else 1
        steps.append({"type": "Strip", "content": " ", "start": most, "stop": 0})
    return {"type": "Sequence", "decoders": steps}


def _replace(pattern: dict[str, str], content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": pattern, "content": content}
