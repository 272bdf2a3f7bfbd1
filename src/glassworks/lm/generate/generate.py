"""Writing: a prompt in, a stream of text pieces out.

In: a checkpoint, its tokenizer, the prompt's ids, settings. Out: `Piece` after `Piece`; the last one says why it ended.
The keys and values of what was read are kept (KV cache), so each new token costs one position, which on a CPU is computed in
numpy (`lm/model/one_position.py`). Unusual: when the
context is full the last half window is read again into an empty cache and writing goes on from there. So the model
always sees between half a context and a whole one, and every position lies where it was trained.

Legend: B batch (1 here), T time, V vocabulary.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.generate.insight import Written, WrittenTokens
from glassworks.lm.generate.sampling import History, next_token
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.generate.streaming import TextStream
from glassworks.lm.model.one_position import OnePosition
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.tokenizer import Tokenizer

FinishReason = Literal["length", "stop", "end", "cancelled"]
SEED_STRIDE = 1_000_003


@dataclass(frozen=True)
class Piece:
    """Text that became certain, with the token ids that came since the piece before.

    `tokens`, where alternatives were asked for: the tokens whose text is now certain, with what the model thought.
    """

    text: str
    ids: tuple[int, ...]
    finish_reason: FinishReason | None = None
    tokens: tuple[Written, ...] = ()


def sample_seed(seed: int, index: int) -> int:
    """The seed of sample `index` of several; sample 0 has the seed itself."""
    return (seed + index * SEED_STRIDE) % 2**31


def never() -> bool:
    return False


def generate(
    checkpoint: Checkpoint,
    tokenizer: Tokenizer,
    prompt_ids: list[int],
    settings: GenerateSettings,
    should_cancel: Callable[[], bool] = never,
    num_alternatives: int | None = None,
    turn_ends: frozenset[int] = frozenset(),
) -> Iterator[Piece]:
    """Stream one sample that goes on from `prompt_ids`. An empty prompt starts a new document.

    Ends after `max_tokens`, at a stop string, at the tokenizer's end token or one of `turn_ends`, or when
    `should_cancel()` is true; the last piece carries `finish_reason`. With `num_alternatives` (0 will do) pieces carry `tokens`; what is written
    stays the same. Raises InvalidSpec when there is neither a prompt nor an end token.
    """
    ends = turn_ends | {tokenizer.role_id("end")}
    stream = TextStream(settings.stop)
    thoughts = None if num_alternatives is None else WrittenTokens(tokenizer, num_alternatives)
    waiting: list[int] = []
    reason: FinishReason = "length"
    start = start_of(prompt_ids, tokenizer)
    reader = _CachedReader(checkpoint.model, start, tokenizer.vocab_size)
    for token in _tokens(reader, settings, History.of(prompt_ids)):
        if token in ends:
            reason = "end"
            break
        waiting.append(token)
        text = stream.push(tokenizer.token_bytes[token])
        if thoughts:
            thoughts.add(token, reader.logits_V, stream)
        if stream.is_stopped:
            yield Piece(text, tuple(waiting), "stop", _told(thoughts, text, is_over=True))
            return
        if text:
            yield Piece(text, tuple(waiting), None, _told(thoughts, text))
            waiting = []
        if should_cancel():
            reason = "cancelled"
            break
    text = stream.finish()
    reason = "stop" if stream.is_stopped else reason
    yield Piece(text, tuple(waiting), reason, _told(thoughts, text, is_over=True))


def _told(thoughts: WrittenTokens | None, text: str, is_over: bool = False) -> tuple[Written, ...]:
    return thoughts.take(text, is_over) if thoughts else ()


def next_token_logits(
    checkpoint: Checkpoint, tokenizer: Tokenizer, prompt_ids: list[int]
) -> Tensor:
    """The logits (V,) from which `generate` would draw its first token. Raises InvalidSpec as it does."""
    start = start_of(prompt_ids, tokenizer)
    return _CachedReader(checkpoint.model, start, tokenizer.vocab_size).logits_V


def next_logits(model: Transformer, window: list[int]) -> Tensor:
    """The logits (V,) of the token after `window`, read afresh, without a cache."""
    with torch.no_grad():
        ids_BT = torch.tensor([window], device=model.device)
        return model.logits(model.hidden(ids_BT)[0, -1])


def start_of(prompt_ids: list[int], tokenizer: Tokenizer) -> list[int]:
    """What is read first: the prompt, or when that is empty the end of the document before.

    Raises InvalidSpec when the tokenizer has no end token either.
    """
    if prompt_ids:
        return list(prompt_ids)
    end_id = tokenizer.role_id("end")
    if end_id is None:
        raise InvalidSpec(
            "empty-prompt",
            "The prompt is empty, and this tokenizer has no end token to start from.",
            "Give a prompt of at least one character.",
        )
    return [end_id]  # documents follow each other with an end token between


def _tokens(reader: "_CachedReader", settings: GenerateSettings, history: History) -> Iterator[int]:
    """`max_tokens` token ids, each drawn from the sample's own stream and read back by the model."""
    generator = torch.Generator().manual_seed(settings.seed)
    for index in range(settings.max_tokens):
        token = next_token(reader.logits_V, settings, generator, history)
        history.add(token)
        yield token
        if index + 1 < settings.max_tokens:
            reader.read(token)


class _CachedReader:
    """A window of at most `context` tokens and the cache that goes with it; `logits_V` is of the next token.

    V is the tokenizer's vocabulary: a model may have spare rows beyond it, which stand for nothing.
    """

    def __init__(self, model: Transformer, prompt_ids: list[int], vocab_size: int) -> None:
        self._model = model
        self._vocab_size = vocab_size
        self._context = model.architecture.context
        self._window = prompt_ids[-self._context :]
        self.logits_V = self._read_afresh()

    def read(self, token: int) -> None:
        """Read one more token; a full window is first cut to its newer half."""
        if len(self._window) == self._context:
            num_dropped = self._context - self._context // 2
            self._window = [*self._window[num_dropped:], token]
            self.logits_V = self._read_afresh()
        else:
            self._window.append(token)
            self.logits_V = self._read_one(token)

    def _read_afresh(self) -> Tensor:
        self._cache = self._model.new_cache(1, self._context)
        is_possible = OnePosition.is_possible(self._model)
        self._one = OnePosition(self._model, self._cache) if is_possible else None
        return self._forward(self._window)

    def _read_one(self, token: int) -> Tensor:
        if self._one is None:
            return self._forward([token])
        return torch.from_numpy(self._one.scores([token])[0, : self._vocab_size])

    def _forward(self, ids: list[int]) -> Tensor:
        with torch.no_grad():
            ids_BT = torch.tensor([ids], device=self._model.device)
            logits_V = self._model.logits(self._model.hidden(ids_BT, self._cache)[0, -1])
            return logits_V[: self._vocab_size]
