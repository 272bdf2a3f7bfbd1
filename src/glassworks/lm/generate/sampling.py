"""From logits to one token: penalties, temperature, top-k, top-p, min-p, draw.

In: the model's logits of one position, `logits_V`, and for penalties what stands before it. Out: a token id. Each step
is a pure function on logits and leaves a dropped token at minus infinity, so steps compose in any order; `shape_logits`
has the usual one. All arithmetic is in float64 on the CPU, so that the same logits and seed give the same token on
every device. A page does the same in TypeScript; both are held to `tests/lm/generate/sampling_vectors.json`.

Legend: V vocabulary.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

import torch
from torch import Tensor

from glassworks.lm.generate.settings import GenerateSettings

DROPPED = -math.inf


@dataclass
class History:
    """The tokens before the next one: `seen` all of them, the prompt's too; `written` how often each was written."""

    seen: set[int] = field(default_factory=set)
    written: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, prompt: Iterable[int], written: Iterable[int] = ()) -> "History":
        history = cls(set(prompt))
        for token in written:
            history.add(token)
        return history

    def add(self, token: int) -> None:
        self.seen.add(token)
        self.written[token] += 1


NOTHING = History()


def penalize_repetition(logits_V: Tensor, seen: Set[int], penalty: float) -> Tensor:
    """z_i / r where z_i > 0, z_i * r where not, for each token that was read or written, however often.

    Source: Keskar et al. 2019, "CTRL: a conditional transformer language model for controllable generation"; the
    product for negative logits as in Hugging Face transformers.
    """
    if penalty == 1 or not seen:
        return logits_V
    ids = torch.tensor(sorted(seen))
    found = logits_V[ids]
    return logits_V.index_copy(0, ids, torch.where(found > 0, found / penalty, found * penalty))


def penalize_written(
    logits_V: Tensor, written: Mapping[int, int], frequency: float, presence: float
) -> Tensor:
    """z_i - c_i * frequency - [c_i > 0] * presence, c_i being how often token i was written (the prompt is not counted).

    Source: OpenAI, "API reference: frequency and presence penalties".
    """
    if (frequency == 0 and presence == 0) or not written:
        return logits_V
    ids = torch.tensor(list(written))
    counts = torch.tensor([written[int(one)] for one in ids], dtype=logits_V.dtype)
    return logits_V.index_add(0, ids, -(counts * frequency + presence))


def penalize(logits_V: Tensor, settings: GenerateSettings, history: History) -> Tensor:
    """All penalties that the settings ask for; the logits as they are when that is none."""
    if not settings.has_penalties:
        return logits_V
    logits_V = logits_V.detach().cpu().double()
    logits_V = penalize_repetition(logits_V, history.seen, settings.repetition_penalty)
    return penalize_written(
        logits_V, history.written, settings.frequency_penalty, settings.presence_penalty
    )


def apply_temperature(logits_V: Tensor, temperature: float) -> Tensor:
    """z_i / T. Below 1 sharpens, above 1 flattens; `temperature` > 0."""
    return logits_V / temperature


def keep_top_k(logits_V: Tensor, k: int) -> Tensor:
    """Keep the k largest logits; of equal ones the lower id wins. k = 0, or k >= V, keeps all."""
    if k == 0 or k >= logits_V.numel():
        return logits_V
    order_V = torch.argsort(logits_V, descending=True, stable=True)
    return logits_V.index_fill(0, order_V[k:], DROPPED)


def keep_top_p(logits_V: Tensor, p: float) -> Tensor:
    """Nucleus: with p_(1) >= p_(2) >= ..., keep token (i) while p_(1) + ... + p_(i-1) < p.

    So the kept set is the smallest whose probability reaches `p`, and never empty. Source: Holtzman et al. 2020,
    "The curious case of neural text degeneration".
    """
    if p >= 1:
        return logits_V
    order_V = torch.argsort(logits_V, descending=True, stable=True)
    sorted_V = torch.softmax(logits_V[order_V], dim=0)
    before_V = torch.cumsum(sorted_V, dim=0) - sorted_V
    is_dropped_V = before_V >= p
    is_dropped_V[0] = False
    return logits_V.index_fill(0, order_V[is_dropped_V], DROPPED)


def keep_min_p(logits_V: Tensor, min_p: float) -> Tensor:
    """Keep tokens with p_i >= min_p * max_j p_j, that is z_i >= max_j z_j + ln(min_p).

    Source: Nguyen et al. 2024, "Turning up the heat: min-p sampling".
    """
    if min_p <= 0:
        return logits_V
    floor = logits_V.max() + math.log(min_p)
    return logits_V.masked_fill(logits_V < floor, DROPPED)


def shape_logits(
    logits_V: Tensor, settings: GenerateSettings, history: History = NOTHING
) -> Tensor:
    """Penalties, temperature, then top-k, top-p and min-p on what is left. Temperature 0 keeps the likeliest token."""
    logits_V = penalize(logits_V, settings, history).detach().cpu().double()
    if settings.temperature == 0:
        return keep_top_k(logits_V, 1)
    logits_V = apply_temperature(logits_V, settings.temperature)
    logits_V = keep_top_k(logits_V, settings.top_k)
    logits_V = keep_top_p(logits_V, settings.top_p)
    return keep_min_p(logits_V, settings.min_p)


def probabilities(
    logits_V: Tensor, settings: GenerateSettings, history: History = NOTHING
) -> Tensor:
    """softmax over what the settings keep: float64 (V,), sums to 1."""
    return torch.softmax(shape_logits(logits_V, settings, history), dim=0)


def draw(probabilities_V: Tensor, generator: torch.Generator) -> int:
    """One token id by the inverse of the cumulative distribution: the first i with p_1 + ... + p_i > u, u in [0, 1)."""
    cumulative_V = torch.cumsum(probabilities_V, dim=0)
    u = torch.rand((), generator=generator, dtype=torch.float64) * cumulative_V[-1]
    drawn = int(torch.searchsorted(cumulative_V, u, right=True))
    last_possible = int(torch.nonzero(probabilities_V)[-1])
    return min(drawn, last_possible)


def next_token(
    logits_V: Tensor,
    settings: GenerateSettings,
    generator: torch.Generator,
    history: History = NOTHING,
) -> int:
    """Shape the logits, then draw. Greedy settings draw nothing from `generator`."""
    if settings.temperature == 0:
        return int(torch.argmax(penalize(logits_V, settings, history)))
    return draw(probabilities(logits_V, settings, history), generator)
