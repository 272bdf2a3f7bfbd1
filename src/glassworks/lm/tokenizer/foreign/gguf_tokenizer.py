"""The tokenizer inside a GGUF file, which holds a whole model in one file.

In: such a file. Out: the `tokenizer.json` with the same ids, the settings (`bos_token` and the like), the chat template.
Three kinds are known: `gpt2` (BPE on bytes, with merges), `llama` (SentencePiece's BPE) and `t5` (its Unigram).
Unusual: how a `gpt2` text is cut stands in the file as one word, `tokenizer.ggml.pre`, that programs give meaning to.
`CUTTINGS` has the meanings that are known here; with any other word the ids would only seem right, so it is refused.
Source: the GGUF specification of ggml, and the words of llama.cpp.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN
from glassworks.lm.tokenizer.foreign.failures import broken, unknown_kind
from glassworks.lm.tokenizer.foreign.gguf import read_head
from glassworks.lm.tokenizer.foreign.pieces import Kind, Pieces, added_token
from glassworks.lm.tokenizer.foreign.pieces import to_document as document_of_pieces
from glassworks.lm.tokenizer.layout import byte_level_steps
from glassworks.lm.tokenizer.patterns import (
    GPT4_PATTERN,
    GPT4O_PATTERN,
    QWEN_PATTERN,
    TEKKEN_PATTERN,
)

PREFIX = "tokenizer.ggml."
TEMPLATE = "tokenizer.chat_template"
ROLES = {
    "bos_token": "bos_token_id",
    "eos_token": "eos_token_id",
    "pad_token": "padding_token_id",
    "mask_token": "mask_token_id",
}
"""The settings' names, and the file's."""


@dataclass(frozen=True)
class Cutting:
    """pattern: cuts text into words. takes_words: a word that is a token is taken whole (`ignore_merges`).

    has_single_digits: each digit is cut out before. is_composed: accents are joined with their letters before (NFC).
    """

    pattern: str
    takes_words: bool = False
    has_single_digits: bool = False
    is_composed: bool = False


_SMOLLM = Cutting(GPT2_PATTERN, has_single_digits=True)
_LLAMA3 = Cutting(GPT4_PATTERN, takes_words=True)
CUTTINGS = {
    "gpt-2": Cutting(GPT2_PATTERN),
    "phi-2": Cutting(GPT2_PATTERN),
    "smollm": _SMOLLM,
    "starcoder": _SMOLLM,
    "refact": _SMOLLM,
    "llama3": _LLAMA3,
    "llama-v3": _LLAMA3,
    "llama-bpe": _LLAMA3,
    "dbrx": Cutting(GPT4_PATTERN),
    "qwen2": Cutting(QWEN_PATTERN, is_composed=True),
    "gpt-4o": Cutting(GPT4O_PATTERN),
    "tekken": Cutting(TEKKEN_PATTERN, takes_words=True),
}


@dataclass(frozen=True)
class GgufTokenizer:
    """document: the `tokenizer.json`. settings: setting -> spelling. chat_template: None where there is none."""

    document: dict[str, Any]
    settings: dict[str, str]
    chat_template: str | None


def read_gguf(file: Path) -> GgufTokenizer:
    """Raises BadData for a damaged file, and for a kind of tokenizer that is not known here."""
    head = read_head(file, lambda name: name.startswith(PREFIX) or name == TEMPLATE)
    template = head.pop(TEMPLATE, None)
    table = {name.removeprefix(PREFIX): value for name, value in head.items()}
    kind = table.get("model")
    tokens = _list(table, "tokens", str)
    if kind == "gpt2":
        document = _byte_level(table, tokens)
    elif kind in ("llama", "t5"):
        document = document_of_pieces(_pieces(table, tokens, is_unigram=kind == "t5"))
    else:
        raise unknown_kind(f"{file.name} has a tokenizer of the kind {kind!r}.")
    ids = {setting: table.get(name) for setting, name in ROLES.items()}
    named = {s: tokens[i] for s, i in ids.items() if isinstance(i, int) and 0 <= i < len(tokens)}
    return GgufTokenizer(document, named, template if isinstance(template, str) else None)


def _byte_level(table: dict[str, Any], tokens: list[str]) -> dict[str, Any]:
    cutting = CUTTINGS.get(table.get("pre", ""))
    if cutting is None:
        raise unknown_kind(f"The file cuts text in the way {table.get('pre')!r}, not known here.")
    if len(set(tokens)) < len(tokens):
        raise broken("Two tokens of the vocabulary are spelled alike.")
    kinds = _kinds(table, len(tokens))
    merges = [merge.split(" ") for merge in _list(table, "merges", str)]
    if any(len(merge) != 2 for merge in merges):
        raise broken("A merge of the file does not join two tokens.")
    model = {"type": "BPE", "vocab": {token: id_ for id_, token in enumerate(tokens)}}
    added = (Kind.UNKNOWN, Kind.CONTROL, Kind.USER_DEFINED)
    return {
        "version": "1.0",
        "added_tokens": [
            added_token(id_, tokens[id_], kind) | {"normalized": False}
            for id_, kind in enumerate(kinds)
            if kind in added
        ],
        "normalizer": {"type": "NFC"} if cutting.is_composed else None,
        "model": model | {"merges": merges, "ignore_merges": cutting.takes_words},
        **_steps(cutting),
    }


def _steps(cutting: Cutting) -> dict[str, Any]:
    steps = byte_level_steps(cutting.pattern)
    if cutting.has_single_digits:
        digits = {"type": "Digits", "individual_digits": True}
        steps["pre_tokenizer"] = {
            "type": "Sequence",
            "pretokenizers": [digits, steps["pre_tokenizer"]],
        }
    return steps


def _pieces(table: dict[str, Any], tokens: list[str], is_unigram: bool) -> Pieces:
    scores = _list(table, "scores", float)
    if len(scores) != len(tokens):
        raise broken("The file has not as many scores as tokens.")
    charsmap = table.get("precompiled_charsmap") or []
    if not isinstance(charsmap, list) or not all(isinstance(b, int) for b in charsmap):
        raise broken("The file's map of characters is no list of bytes.")
    return Pieces(
        spellings=tokens,
        scores=scores,
        kinds=_kinds(table, len(tokens)),
        is_unigram=is_unigram,
        has_prefix=bool(table.get("add_space_prefix", True)),
        is_trimmed=bool(table.get("remove_extra_whitespaces", is_unigram)),
        charsmap=bytes(byte & 0xFF for byte in charsmap),
    )


def _kinds(table: dict[str, Any], num_tokens: int) -> list[Kind]:
    numbers = _list(table, "token_type", int)
    if len(numbers) != num_tokens:
        raise broken("The file has not as many types as tokens.")
    return [Kind.of(number) for number in numbers]


def _list(table: dict[str, Any], name: str, type_: type) -> list[Any]:
    found = table.get(name)
    if not isinstance(found, list) or not all(isinstance(value, type_) for value in found):
        raise broken(f"The file has no list {PREFIX + name} of the right kind.")
    return found
