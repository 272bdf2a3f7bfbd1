"""The vocabulary, token by token: how long, how often used, made of which two, part of how many others.

In: a tokenizer, and how often each id comes in some texts (`count_tokens`). Out: one row a token, and `browse` to order
and search them: the longest, the rarest, those never used, those that live only inside others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from glassworks.lm.tokenizer.analysis.tokens import TokenView, view_token
from glassworks.lm.tokenizer.tokenizer import Tokenizer
from glassworks.specs.base import Spec

Order = Literal["id", "longest", "most_used", "rarest", "never_used", "nested", "only_inside"]


class VocabularyRow(Spec):
    """One token.

    rank: the merge that makes it, None for a byte, a special token, or a kind without merges. parts: the two ids merged.
    num_within: tokens that contain it, directly or not. depth: merges on the longest way from its bytes to it.
    count: how often it comes in the texts, None without texts.
    """

    token: TokenView
    num_bytes: int
    rank: int | None
    parts: tuple[int, int] | None
    num_within: int
    depth: int
    count: int | None


def count_tokens(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """How often each id comes in the texts."""
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(text))
    return counts


def vocabulary(
    tokenizer: Tokenizer, counts: Mapping[int, int] | None = None
) -> tuple[VocabularyRow, ...]:
    """All tokens, by id."""
    parts = _parts(tokenizer)
    ranks = {id_: rank for rank, id_ in enumerate(parts)}
    within = _num_within(parts)
    depths = _depths(parts)
    return tuple(
        VocabularyRow(
            token=view_token(tokenizer, id_),
            num_bytes=len(tokenizer.token_bytes[id_]),
            rank=ranks.get(id_),
            parts=parts.get(id_),
            num_within=within[id_],
            depth=depths.get(id_, 0),
            count=None if counts is None else counts.get(id_, 0),
        )
        for id_ in range(tokenizer.vocab_size)
    )


def browse(
    rows: Sequence[VocabularyRow], order: Order = "id", contains: str = ""
) -> tuple[VocabularyRow, ...]:
    """The rows whose text holds `contains`, in this order; `rarest` and `only_inside` leave out what does not fit."""
    found = [row for row in rows if contains in row.token.text]
    match order:
        case "longest":
            found.sort(key=lambda row: -row.num_bytes)
        case "most_used":
            found.sort(key=lambda row: -(row.count or 0))
        case "rarest":
            found = sorted((row for row in found if row.count), key=lambda row: row.count or 0)
        case "never_used":
            found = [row for row in found if row.count == 0 and not row.token.is_special]
        case "nested":
            found = sorted(
                (row for row in found if row.num_within), key=lambda row: -row.num_within
            )
        case "only_inside":
            found = [row for row in found if row.count == 0 and row.num_within]
    return tuple(found)


def family(rows: Sequence[VocabularyRow], id_: int) -> tuple[VocabularyRow, ...]:
    """A token and all that it is made of, down to its bytes, from the largest to the smallest."""
    found = [rows[id_]]
    for row in found:  # grows while it is read
        found += [rows[part] for part in row.parts or ()]
    return tuple(found)


def _parts(tokenizer: Tokenizer) -> dict[int, tuple[int, int]]:
    """Token -> the two that are merged into it, in the order of the merges."""
    vocab = tokenizer.layout.vocab
    return {
        vocab[left + right]: (vocab[left], vocab[right]) for left, right in tokenizer.layout.merges
    }


def _num_within(parts: Mapping[int, tuple[int, int]]) -> Counter[int]:
    inside: dict[int, set[int]] = {}
    counts: Counter[int] = Counter()
    for id_, pair in parts.items():
        inside[id_] = set(pair).union(*(inside.get(part, set()) for part in pair))
        counts.update(inside[id_])
    return counts


def _depths(parts: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    depths: dict[int, int] = {}
    for id_, pair in parts.items():
        depths[id_] = 1 + max(depths.get(part, 0) for part in pair)
    return depths
