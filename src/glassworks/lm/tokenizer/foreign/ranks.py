"""Files that hold ranks only: each token's bytes with a number. The merges are found again.

In: the text of such a file. Out: `Ranks`, and from it the JSON of a `tokenizer.json`. Three kinds are known:
    - tiktoken's own (`*.tiktoken`): a line a token, `base64 rank`; the cutting pattern is not in it;
    - its JavaScript port (npm `js-tiktoken`, `ranks/*.js`): pattern, special tokens and ranks in one object;
    - Mistral's (`tekken.json`): tokens with their ranks after the special tokens.

A merge list says which two tokens each merge joins; ranks do not. But the two are what the lower ranks make of the token's
bytes: a token was learned when all lower ones were there already, so its bytes stood as exactly two tokens then.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN
from glassworks.lm.tokenizer.byte_alphabet import to_characters
from glassworks.lm.tokenizer.foreign.failures import broken
from glassworks.lm.tokenizer.layout import byte_level_steps
from glassworks.lm.tokenizer.patterns import GPT4_PATTERN

GPT2_SIZE = 60_000
"""A file without a pattern: vocabularies up to this size are cut by GPT-2's, larger ones by GPT-4's."""
BEFORE_OBJECT = ("", "export default", "module.exports =")
TEKKEN_SPECIALS = (
    "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
    "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]",
    "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]",
)  # fmt: skip
"""What Mistral's files of 2024, which do not name their special tokens, mean; the rest are `<SPECIAL_20>` and so on."""
_LINE = re.compile(r"[A-Za-z0-9+/]+=* \d+")


@dataclass(frozen=True)
class Ranks:
    """ids: token bytes -> id, in the order of ranks. specials: spelling -> id."""

    ids: dict[bytes, int]
    specials: dict[str, int]
    pattern: str


def read_ranks(text: str) -> Ranks | None:
    """The ranks in a file's text, or None where it is no such file. Raises BadData for a broken one."""
    try:
        if _LINE.match(text):
            return _from_lines(text)
        before, brace, _ = text.partition("{")
        if not brace or before.strip() not in BEFORE_OBJECT:
            return None
        document = json.loads(text[len(before) : text.rindex("}") + 1])
        if isinstance(document.get("bpe_ranks"), str):
            return _from_javascript(document)
        if isinstance(document.get("config"), dict) and isinstance(document.get("vocab"), list):
            return _from_tekken(document)
    except (binascii.Error, KeyError, RecursionError, TypeError, ValueError) as error:
        raise broken(f"The file cannot be read: {error}") from error
    return None


def to_document(ranks: Ranks) -> dict[str, Any]:
    """The `tokenizer.json` with the same ids."""
    merges = find_merges(ranks.ids)
    vocab = {to_characters(token): id_ for token, id_ in ranks.ids.items()} | ranks.specials
    added = [
        {"id": id_, "content": spelling, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for spelling, id_ in ranks.specials.items()
    ]  # fmt: skip
    model = {"type": "BPE", "vocab": vocab, "ignore_merges": False, "byte_fallback": False}
    model["merges"] = [[to_characters(left), to_characters(right)] for left, right in merges]
    return {"version": "1.0", "added_tokens": added, "model": model} | byte_level_steps(
        ranks.pattern
    )


def find_merges(ids: Mapping[bytes, int]) -> list[tuple[bytes, bytes]]:
    """The merge that makes each token of more than one byte, in the order of the ids. Raises BadData."""
    if any(bytes([byte]) not in ids for byte in range(256)):
        raise broken("The file of ranks does not have all 256 bytes.")
    merges = []
    for token, id_ in sorted(ids.items(), key=lambda entry: entry[1]):
        if len(token) > 1:
            parts = _merge_below(token, ids, id_)
            if len(parts) != 2:
                raise broken(f"No merge of lower ranks makes the token {token!r}.")
            merges.append((parts[0], parts[1]))
    return merges


def _merge_below(token: bytes, ids: Mapping[bytes, int], limit: int) -> list[bytes]:
    """What the tokens of lower id make of these bytes."""
    parts = [token[i : i + 1] for i in range(len(token))]
    # the id of each two neighbors together; after a merge only those beside it change
    joined = [ids.get(token[i : i + 2], limit) for i in range(len(token) - 1)]
    while len(parts) > 2 and (id_ := min(joined)) < limit:
        i = joined.index(id_)
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
        del joined[i]
        for place in (i - 1, i):
            if 0 <= place < len(joined):
                joined[place] = ids.get(parts[place] + parts[place + 1], limit)
    return parts


def _from_lines(text: str) -> Ranks:
    pairs = [line.split() for line in text.splitlines() if line.strip()]
    ids = {base64.b64decode(token, validate=True): int(rank) for token, rank in pairs}
    return Ranks(ids, {}, GPT2_PATTERN if len(ids) < GPT2_SIZE else GPT4_PATTERN)


def _from_javascript(document: dict[str, Any]) -> Ranks:
    """`bpe_ranks`: lines `! first-rank token token ...`."""
    ids = {}
    for line in document["bpe_ranks"].split("\n"):
        _, first, *tokens = line.split(" ")
        for rank, token in enumerate(tokens, start=int(first)):
            ids[base64.b64decode(token, validate=True)] = rank
    specials = {str(name): int(id_) for name, id_ in document["special_tokens"].items()}
    return Ranks(ids, specials, str(document["pat_str"]))


def _from_tekken(document: dict[str, Any]) -> Ranks:
    """The special tokens have the first ids; only the first `default_vocab_size` tokens are used."""
    config = document["config"]
    num_specials = int(config["default_num_special_tokens"])
    room = int(config["default_vocab_size"]) - num_specials
    entries = sorted(document["vocab"], key=lambda entry: int(entry["rank"]))[:room]
    ids = {
        base64.b64decode(entry["token_bytes"], validate=True): num_specials + int(entry["rank"])
        for entry in entries
    }
    named = document.get("special_tokens")
    if named is None:
        named = [{"rank": i, "token_str": token} for i, token in enumerate(TEKKEN_SPECIALS)]
    at = {int(entry["rank"]): str(entry["token_str"]) for entry in named}
    specials = {at.get(id_, f"<SPECIAL_{id_}>"): id_ for id_ in range(num_specials)}
    return Ranks(ids, specials, str(config["pattern"]))
