"""The programs that known tokenizers were made with, set up from their own files without our readers.

Out: a `Peer` for each known tokenizer: its file, and how the program that made it encodes and decodes.
"""

import base64
import json
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import sentencepiece
import tiktoken
import tokenizers
from tokenizers import AddedToken, decoders, models, pre_tokenizers

from glassworks.lm.tokenizer.foreign.known import KNOWN

Ids = list[list[int]]


@dataclass(frozen=True)
class Peer:
    """encode: texts -> ids. decode: ids -> texts."""

    file: Path
    encode: Callable[[Sequence[str]], Ids]
    decode: Callable[[Ids], list[str]]


def peer(name: str) -> Peer:
    """The program for a known tokenizer, or for one of Mistral's files (`mistral:<file>`)."""
    if name.startswith("mistral:"):
        return of_sentencepiece(known_file("mistral-v1").with_name(name.removeprefix("mistral:")))
    file = known_file(name)
    if name == "smollm2":
        return of_tokenizers(file, _smollm2(file))
    if file.suffix == ".js":
        return _of_ranks(file, *_javascript(file))
    return _of_ranks(file, *_tekken(file)) if file.suffix == ".json" else of_sentencepiece(file)


def known_file(name: str) -> Path:
    """Where the package that brings it has put it."""
    file = KNOWN[name].find()
    assert file is not None, f"{KNOWN[name].package} is not installed: run `make install-dev web`"
    return file


def of_sentencepiece(file: Path) -> Peer:
    """SentencePiece itself."""
    processor: Any = sentencepiece.SentencePieceProcessor(model_file=str(file))
    return Peer(file, lambda texts: processor.encode(list(texts)), processor.decode)


def of_tokenizers(file: Path, inner: tokenizers.Tokenizer) -> Peer:
    """The `tokenizers` library; special tokens in a text are text."""
    inner.encode_special_tokens = True

    def encode(texts: Sequence[str]) -> Ids:
        return [
            found.ids for found in inner.encode_batch_fast(list(texts), add_special_tokens=False)
        ]

    return Peer(file, encode, inner.decode_batch)


def _of_ranks(file: Path, pattern: str, ranks: dict[bytes, int]) -> Peer:
    inner = tiktoken.Encoding("peer", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return Peer(file, lambda texts: inner.encode_ordinary_batch(list(texts)), inner.decode_batch)


def _javascript(file: Path) -> tuple[str, dict[bytes, int]]:
    document = json.loads(re.search(r"\{.*\}", file.read_text(), re.DOTALL)[0])  # type: ignore[index]
    ranks: dict[bytes, int] = {}
    for line in document["bpe_ranks"].split("\n"):
        _, first, *tokens = line.split()
        ranks |= {base64.b64decode(t): int(first) + i for i, t in enumerate(tokens)}
    return document["pat_str"], ranks


def _tekken(file: Path) -> tuple[str, dict[bytes, int]]:
    document = json.loads(file.read_text())
    config = document["config"]
    num_specials = config["default_num_special_tokens"]
    used = document["vocab"][: config["default_vocab_size"] - num_specials]
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] + num_specials for entry in used}
    return config["pattern"], ranks


def _smollm2(file: Path) -> tokenizers.Tokenizer:
    """As its `tokenizer.json` on the hub: digits one by one, then GPT-2's words."""
    values = read_plainly(file)
    tokens = values["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in values["tokenizer.ggml.merges"]]
    inner = tokenizers.Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(True), level])
    inner.decoder = decoders.ByteLevel()
    control = zip(tokens, values["tokenizer.ggml.token_type"], strict=True)
    inner.add_special_tokens(
        [AddedToken(token, special=True) for token, kind in control if kind == 3]
    )
    return inner


def read_plainly(file: Path) -> dict[str, Any]:
    """All values of a GGUF file that is trusted."""
    with file.open("rb") as opened:
        _, _, _, num = struct.unpack("<4sIQQ", opened.read(24))
        return {_string(opened): _value(opened, _number(opened, "I")) for _ in range(num)}


def _value(opened: BinaryIO, kind: int) -> Any:
    if kind == 9:
        inner, num = _number(opened, "I"), _number(opened, "Q")
        return [_value(opened, inner) for _ in range(num)]
    return _string(opened) if kind == 8 else _number(opened, "BbHhIif?  Qqd"[kind])


def _number(opened: BinaryIO, letter: str) -> Any:
    return struct.unpack(f"<{letter}", opened.read(struct.calcsize(letter)))[0]


def _string(opened: BinaryIO) -> str:
    return opened.read(_number(opened, "Q")).decode()
