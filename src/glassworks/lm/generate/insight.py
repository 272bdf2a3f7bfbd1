"""What the model thought of each token that it wrote: its probability, its surprise, what else it could have said.

In: the model's own logits, before any setting of the sample. Out: `Written` tokens with the text that each one brought.
Unusual: a token's text is known only when its characters are whole and no stop string can take them back, so tokens wait
in `WrittenTokens` until then; put together, their texts are exactly the sample.

Legend: V vocabulary.
"""

import math
from collections import deque
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from glassworks.lm.generate.streaming import TextStream
from glassworks.lm.tokenizer import Tokenizer

MAX_ALTERNATIVES = 20


@dataclass(frozen=True)
class Alternative:
    """A token that could have stood here. `text` alone; bytes that are no whole character show as the replacement."""

    id: int
    text: str
    probability: float


@dataclass(frozen=True)
class Written:
    """A token that was written. `surprise` is −ln p in nats; `alternatives` the likeliest, the written one among them."""

    id: int
    text: str
    probability: float
    surprise: float
    alternatives: tuple[Alternative, ...]


def log_probabilities(logits_V: Tensor) -> Tensor:
    """ln softmax of the model's own logits: float64 (V,)."""
    return torch.log_softmax(logits_V.detach().cpu().double(), dim=0)


def likeliest(logits_V: Tensor, tokenizer: Tokenizer, num: int) -> tuple[Alternative, ...]:
    """The `num` likeliest tokens, the likeliest first; of equal ones the lower id."""
    logs_V = log_probabilities(logits_V)
    order = torch.argsort(logs_V, descending=True, stable=True)[:num].tolist()
    return tuple(Alternative(i, tokenizer.piece(i), float(logs_V[i].exp())) for i in order)


class WrittenTokens:
    """Tokens in order, each given out once its text is certain."""

    def __init__(self, tokenizer: Tokenizer, num_alternatives: int) -> None:
        self._tokenizer = tokenizer
        self._num = num_alternatives
        self._waiting: deque[tuple[Written, int]] = deque()
        self._text = ""
        self._num_taken = 0

    def add(self, token: int, logits_V: Tensor, stream: TextStream) -> None:
        """`token` was drawn where the model said `logits_V`; `stream` has decoded it already."""
        log = float(log_probabilities(logits_V)[token])
        others = likeliest(logits_V, self._tokenizer, self._num)
        thought = Written(token, "", math.exp(log), max(0.0, -log), others)
        self._waiting.append((thought, stream.num_decoded))

    def take(self, text: str, is_over: bool = False) -> tuple[Written, ...]:
        """`text` became certain: the tokens that it completes. At the end all that are left, whatever they bring."""
        self._text += text
        num_certain = self._num_taken + len(self._text)
        found = []
        while self._waiting and (is_over or self._waiting[0][1] <= num_certain):
            thought, end = self._waiting.popleft()
            end = num_certain if is_over and not self._waiting else min(end, num_certain)
            length = end - self._num_taken
            found.append(replace(thought, text=self._text[:length]))
            self._text, self._num_taken = self._text[length:], end
        return tuple(found)
