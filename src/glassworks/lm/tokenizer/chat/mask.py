"""From messages to token ids, and for each token whether the assistant wrote it: what a model is trained on.

In: a tokenizer and messages. Out: ids and a mask of the same length.
The mask is exact: the text is cut where the assistant's words begin and end, and each part is encoded by itself, just as it
is when the model answers (its prompt ends where its words begin). So no token belongs to both.

Where the words begin and end, the template says with `{% generation %}`. A template that does not is asked: the words
of an answer are what it adds to the conversation before, with the prompt for an answer. The answer ends with the first
special token that ends a turn; what the template writes after it is not the assistant's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from glassworks.common.errors import BadData, LimitReached
from glassworks.lm.tokenizer.chat.sandbox import GENERATION_END, GENERATION_START
from glassworks.lm.tokenizer.chat.template import RESERVED, Message, Piece, run_marked
from glassworks.lm.tokenizer.tokenizer import Tokenizer

_GENERATION_TAG = re.compile(r"\{%[-+]?\s*generation\b")
_SPAN = re.compile(f"{GENERATION_START}(.*?){GENERATION_END}", re.DOTALL)
Span = tuple[int, int]


@dataclass(frozen=True)
class EncodedChat:
    """ids and is_trained are of the same length; pieces are the stretches of text that they came from, in order."""

    ids: tuple[int, ...]
    is_trained: tuple[bool, ...]
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def encode_chat(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    add_generation_prompt: bool = False,
    tools: Sequence[Mapping[str, Any]] | None = None,
) -> EncodedChat:
    """The conversation as tokens. Errors as for `render`; BadData where the template rewrites what it wrote before."""
    text = run_marked(tokenizer, messages, add_generation_prompt, tools)
    if _GENERATION_TAG.search(tokenizer.chat_template or ""):
        text, spans = _take_out_tags(text)
    else:
        spans = list(_spans_by_growth(tokenizer, messages, text, tools))
    return _encoded(tokenizer, text, spans)


def encode_prompt(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    tools: Sequence[Mapping[str, Any]] | None = None,
) -> EncodedChat:
    """The conversation up to where the assistant's next words begin; also where a template rewrites earlier messages."""
    try:
        return encode_chat(tokenizer, messages, add_generation_prompt=True, tools=tools)
    except BadData as error:
        if error.code != "template-rewrites":
            raise
        text = run_marked(tokenizer, messages, add_generation_prompt=True, tools=tools)
        return _encoded(tokenizer, text, [])


def turn_ends(tokenizer: Tokenizer) -> frozenset[int]:
    """The special token that the template writes at the end of an answer, or none: there the model ends its turn."""
    asked = [Message(role="user", content="a"), Message(role="assistant", content="b")]
    try:
        pieces = encode_chat(tokenizer, asked).pieces
    except (BadData, LimitReached):  # this template wants other messages, or more of them
        return frozenset()
    first = next((index for index, piece in enumerate(pieces) if piece.is_generated), len(pieces))
    ids = (piece.special for piece in pieces[first:])
    return frozenset([id_ for id_ in ids if id_ is not None][:1])


def _encoded(tokenizer: Tokenizer, text: str, spans: Sequence[Span]) -> EncodedChat:
    pieces = tuple(_pieces(tokenizer, text, spans))
    ids: list[int] = []
    is_trained: list[bool] = []
    for piece in pieces:
        found = tokenizer.encode(piece.text) if piece.special is None else [piece.special]
        ids += found
        is_trained += [piece.is_generated] * len(found)
    return EncodedChat(tuple(ids), tuple(is_trained), pieces)


def _take_out_tags(text: str) -> tuple[str, list[Span]]:
    """The text without the marks of `{% generation %}`, and where they were."""
    parts = _SPAN.split(text)
    spans = []
    length = 0
    for index, part in enumerate(parts):
        if index % 2:
            spans.append((length, length + len(part)))
        length += len(part)
    return "".join(parts), spans


def _spans_by_growth(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    text: str,
    tools: Sequence[Mapping[str, Any]] | None,
) -> Iterator[Span]:
    """Each answer, as what the template adds for it."""
    for number, message in enumerate(messages):
        if message.role != "assistant":
            continue
        prompt = run_marked(tokenizer, messages[:number], True, tools)
        answered = run_marked(tokenizer, messages[: number + 1], False, tools)
        if not answered.startswith(prompt) or not text.startswith(answered):
            raise BadData(
                "template-rewrites",
                f"The chat template writes message {number + 1} in another way once more messages follow, "
                "so nobody can say which tokens are the assistant's.",
                "Put {% generation %} and {% endgeneration %} round the assistant's words in the template.",
            )
        yield len(prompt), len(prompt) + _answer_length(tokenizer, answered[len(prompt) :])


def _answer_length(tokenizer: Tokenizer, answer: str) -> int:
    """Up to and with the special token that ends the turn; all of it where there is none."""
    end = tokenizer.roles.get("end")
    specials = [end.token] if end is not None and end.token in answer else tokenizer.special_ids
    ends = [answer.rindex(token) + len(token) for token in specials if token in answer]
    return max(ends, default=len(answer))


def _pieces(tokenizer: Tokenizer, text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    """The text cut at the spans' borders and at special tokens, marks taken out."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    for number, (start, stop) in enumerate(pairwise(edges)):
        for part in _cut_at_specials(tokenizer, text[start:stop]):
            special = tokenizer.special_ids.get(part)
            plain = part if special is not None else RESERVED.sub("", part)
            if plain:
                yield Piece(plain, special, is_generated=number % 2 == 1)


def _cut_at_specials(tokenizer: Tokenizer, text: str) -> list[str]:
    spellings = sorted(tokenizer.special_ids, key=len, reverse=True)
    if not spellings:
        return [text]
    return re.split(f"({'|'.join(map(re.escape, spellings))})", text)
