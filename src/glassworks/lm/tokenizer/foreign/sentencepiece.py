"""SentencePiece models (`tokenizer.model`): pieces with scores, and how text is prepared before it is cut.

In: the bytes of such a file. Out: `Pieces`, from which `pieces.py` makes a `tokenizer.json`, and the pieces that begin and
end a text. Two of the four kinds are known, BPE and Unigram; the others are refused.
Source: google/sentencepiece, `sentencepiece_model.proto`, whose numbers of fields stand here.
"""

from dataclasses import dataclass, field

from glassworks.lm.tokenizer.foreign.failures import broken, unknown_kind
from glassworks.lm.tokenizer.foreign.pieces import Kind, Pieces
from glassworks.lm.tokenizer.foreign.protobuf import (
    bytes_in,
    fields,
    float_in,
    number_in,
    text_in,
)

MODEL = {1: "unigram", 2: "bpe", 3: "word", 4: "char"}
MAX_PIECES = 4_000_000
FIRST_PIECE, SPELLING = (
    b"\n",
    b"\n",
)  # field 1 of the model, field 1 of a piece: how such a file begins


@dataclass
class _Model:
    """What the file says, with the defaults of the format."""

    spellings: list[str] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    trainer: dict[int, int] = field(default_factory=dict)
    normalizer: dict[int, int] = field(default_factory=dict)
    charsmap: bytes = b""


def looks_like_model(data: bytes) -> bool:
    """Whether the bytes begin with a piece within a model."""
    is_nested = data[:1] == FIRST_PIECE and data[2:3] == SPELLING
    return is_nested and len(data) > 4 and data[3] + 2 <= data[1]


def read_model(data: bytes) -> tuple[Pieces, dict[str, str]]:
    """The pieces, and settings as in a `tokenizer_config.json`: `bos_token` and the like. Raises BadData."""
    model = _Model()
    for number, value in fields(data):
        if number == 1:
            _add_piece(model, bytes_in(value))
        elif number == 2:
            model.trainer |= _numbers(bytes_in(value))
        elif number == 3:
            _read_normalizer(model, bytes_in(value))
        elif number == 5 and any(n == 2 and v for n, v in fields(bytes_in(value))):
            raise unknown_kind("The SentencePiece model changes texts when they are put together.")
    _check(model)
    settings = {
        name: model.spellings[id_]
        for name, (key, default) in {"bos_token": (41, 1), "eos_token": (42, 2)}.items()
        if 0 <= (id_ := model.trainer.get(key, default)) < len(model.spellings)
    }
    return _to_pieces(model), settings


def _add_piece(model: _Model, data: bytes) -> None:
    spelling, score, kind = "", 0.0, Kind.NORMAL
    for number, value in fields(data):
        if number == 1:
            spelling = text_in(value)
        elif number == 2:
            score = float_in(value)
        elif number == 3:
            kind = Kind.of(number_in(value))
    if len(model.spellings) == MAX_PIECES:
        raise broken(f"The SentencePiece model has more than {MAX_PIECES:,} pieces.")
    model.spellings.append(spelling)
    model.scores.append(score)
    model.kinds.append(kind)


def _numbers(data: bytes) -> dict[int, int]:
    """The fields of a message that are numbers or switches; the last of several counts."""
    return {number: number_in(value) for number, value in fields(data) if isinstance(value, int)}


def _read_normalizer(model: _Model, data: bytes) -> None:
    model.normalizer |= _numbers(data)
    for number, value in fields(data):
        if number == 2:
            model.charsmap = bytes_in(value)


def _check(model: _Model) -> None:
    name = MODEL.get(model.trainer.get(3, 1), "of an unknown kind")
    if name not in ("unigram", "bpe"):
        raise unknown_kind(f"The SentencePiece model is {name}; BPE and Unigram are known.")
    if model.trainer.get(24, 0):
        raise unknown_kind("The SentencePiece model writes spaces at the ends of words.")
    if not model.normalizer.get(5, 1):
        raise unknown_kind("The SentencePiece model does not write spaces as ▁.")


def _to_pieces(model: _Model) -> Pieces:
    return Pieces(
        spellings=model.spellings,
        scores=model.scores,
        kinds=model.kinds,
        is_unigram=model.trainer.get(3, 1) == 1,
        has_prefix=bool(model.normalizer.get(3, 1)),
        is_trimmed=bool(model.normalizer.get(4, 1)),
        charsmap=model.charsmap,
    )
