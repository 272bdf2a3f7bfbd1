"""What a `tokenizer.json` says, in a few plain values: the model, its vocabulary and merges, how text is cut.

In: a `tokenizers.Tokenizer` or its JSON. Out: a `Layout`. Everything that reasons about a tokenizer (the fast encoder's
proof, the trace, the vocabulary browser) reads these values instead of the JSON.
Unusual: byte-level files cut text in one of two ways, both meant here by `pattern`: a `ByteLevel` step with its built-in
GPT-2 pattern, or a `Split` by an expression of their own before a `ByteLevel` that only renames bytes (Llama 3).
"""

import json
from dataclasses import dataclass
from typing import Any

import tokenizers

from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN


@dataclass(frozen=True)
class Layout:
    """model: `BPE`, `WordPiece`, `Unigram` or `WordLevel`. merges: empty but for BPE.

    spells_bytes: tokens are spelled in the byte alphabet. is_byte_level: and text is changed by nothing but the cutting.
    pattern: the one expression that cuts text, or None where the file cuts in another way.
    is_plain_bpe: BPE without the options that change how merges are applied.
    ignore_merges: a word that is itself a token is taken whole. byte_fallback: unknown characters become bytes, `<0x0A>`.
    added: spellings that are cut out of a text before anything else, special tokens among them.
    """

    model: str
    vocab: dict[str, int]
    merges: list[tuple[str, str]]
    spells_bytes: bool
    is_byte_level: bool
    pattern: str | None
    is_plain_bpe: bool
    ignore_merges: bool
    byte_fallback: bool
    added: frozenset[str]


def read_layout(inner: tokenizers.Tokenizer) -> Layout:
    """The values of a tokenizer that the library has read."""
    return layout_of(json.loads(inner.to_str()))


def layout_of(document: dict[str, Any]) -> Layout:
    """The same, from the JSON."""
    model = document["model"]
    steps = _steps(document.get("pre_tokenizer"))
    decoders = [step["type"] for step in _steps(document.get("decoder"), "decoders")]
    spells_bytes = bool(steps) and steps[-1]["type"] == "ByteLevel" and decoders == ["ByteLevel"]
    is_changed = document.get("normalizer") is not None or any(
        step.get("add_prefix_space") or step.get("behavior") == "Removed" for step in steps
    )
    is_byte_level = spells_bytes and not is_changed
    return Layout(
        model=model["type"],
        vocab=_vocab(model),
        merges=_merges(model),
        spells_bytes=spells_bytes,
        is_byte_level=is_byte_level,
        pattern=_pattern(steps) if is_byte_level else None,
        is_plain_bpe=_is_plain_bpe(model),
        ignore_merges=bool(model.get("ignore_merges")),
        byte_fallback=bool(model.get("byte_fallback")),
        added=frozenset(entry["content"] for entry in document.get("added_tokens", [])),
    )


def merges_of(inner: tokenizers.Tokenizer) -> list[tuple[str, str]]:
    """The merges of a BPE tokenizer, in order."""
    return _merges(json.loads(inner.to_str())["model"])


def _steps(part: dict[str, Any] | None, name: str = "pretokenizers") -> list[dict[str, Any]]:
    if part is None:
        return []
    return list(part[name]) if part["type"] == "Sequence" else [part]


def _vocab(model: dict[str, Any]) -> dict[str, int]:
    vocab = model["vocab"]
    if isinstance(vocab, list):  # Unigram: [token, score], the place is the id
        return {token: id_ for id_, (token, _) in enumerate(vocab)}
    return dict(vocab)


def _merges(model: dict[str, Any]) -> list[tuple[str, str]]:
    """Older files write a merge as one string with a space, newer ones as a pair."""
    pairs = (m.split(" ") if isinstance(m, str) else m for m in model.get("merges", []))
    return [(left, right) for left, right in pairs]


def _pattern(steps: list[dict[str, Any]]) -> str | None:
    if len(steps) == 1 and steps[0].get("use_regex", True):
        return GPT2_PATTERN
    if len(steps) != 2 or steps[0]["type"] != "Split" or steps[1].get("use_regex", True):
        return None
    split = steps[0]
    is_each_match = split["behavior"] == "Isolated" and not split.get("invert")
    pattern: str | None = split["pattern"].get("Regex")
    return pattern if is_each_match else None


def _is_plain_bpe(model: dict[str, Any]) -> bool:
    options = ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback")
    return model["type"] == "BPE" and not any(model.get(option) for option in options)


def byte_level_steps(pattern: str) -> dict[str, Any]:
    """How a `tokenizer.json` says: cut by this pattern, then spell in the byte alphabet. The other way of `_pattern`."""
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    if pattern == GPT2_PATTERN:
        return {
            "pre_tokenizer": level | {"use_regex": True},
            "decoder": level | {"use_regex": True},
        }
    split = {
        "type": "Split",
        "pattern": {"Regex": pattern},
        "behavior": "Isolated",
        "invert": False,
    }
    steps = [split, level | {"use_regex": False}]
    return {
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "decoder": level | {"use_regex": True},
    }


def on_bytes(model: Any) -> tokenizers.Tokenizer:
    """A model whose text is cut as GPT-2 cuts it and spelled as bytes, with the way back."""
    inner = tokenizers.Tokenizer(model)
    inner.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = tokenizers.decoders.ByteLevel()
    return inner
