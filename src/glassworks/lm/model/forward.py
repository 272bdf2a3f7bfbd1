"""What one forward pass shares among its layers: where its positions start, what may be seen, what parts ask for.

In: made by `Transformer`. Out: read by attention and position components. Masks are made once per pass and
kept, because every layer needs the same ones. Parts that want something of the training besides a small loss leave it in
`wishes` when somebody listens; an objective does.

Letters: B rows of a batch, T positions of this pass, Q queries and S keys of a block, N heads.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

ScoreBias = Callable[[Tensor, int], Tensor]
"""Distances (Q, S) and a number of heads -> what is added to their scores, (N, Q, S)."""


@dataclass(frozen=True)
class Wish:
    """A loss of a part's own: its metric, one number for each row, and how much it counts beside the objective's."""

    metric: str
    loss_B: Tensor
    weight: float


@dataclass
class ForwardPass:
    """`start`: position of the pass's first token, i.e. how many positions the cache holds already.

    `segments_BS`: number of the document that each position belongs to, for all S = start + T positions; attention stays
    inside a document. None: the whole row is one document, which is the fast path.
    `score_bias`: what a position component adds to the scores; None: nothing. `wishes`: where parts leave losses of
    their own; None: nobody listens, so they need not be computed.
    """

    num_positions: int
    start: int = 0
    segments_BS: Tensor | None = None
    score_bias: ScoreBias | None = None
    wishes: list[Wish] | None = None
    _masks: dict[tuple[int, ...], Tensor | None] = field(default_factory=dict)

    def sees_everything(self, window: int | None) -> bool:
        """Whether nothing needs to be added to any score: a single query, with all before it in sight."""
        is_alone = self.num_positions == 1 and self.segments_BS is None and self.score_bias is None
        return is_alone and (window is None or self.start < window)

    def bias(
        self, queries: tuple[int, int], keys: tuple[int, int], window: int | None, like: Tensor
    ) -> Tensor | None:
        """What is added to the scores of a block: minus infinity where a query may not look, else 0 or `score_bias`.

        `queries` and `keys` are half-open ranges of absolute positions. A query sees itself and what is before it,
        at most `window` positions in all. None: nothing to add. `like`: the block's queries, (B, N, Q, H).
        Shape (B or 1, N or 1, Q, S).
        """
        key = (*queries, *keys, window or 0)
        if key not in self._masks:
            self._masks[key] = self._make_bias(queries, keys, window, like)
        return self._masks[key]

    def _make_bias(
        self, queries: tuple[int, int], keys: tuple[int, int], window: int | None, like: Tensor
    ) -> Tensor | None:
        query_Q = torch.arange(*queries, device=like.device)
        key_S = torch.arange(*keys, device=like.device)
        distance_QS = query_Q[:, None] - key_S[None, :]
        visible_BQS = (distance_QS >= 0)[None]
        if window is not None:
            visible_BQS = visible_BQS & (distance_QS < window)[None]
        if self.segments_BS is not None:
            query_BQ = self.segments_BS[:, slice(*queries)]
            key_BS = self.segments_BS[:, slice(*keys)]
            visible_BQS = visible_BQS & (query_BQ[:, :, None] == key_BS[:, None, :])
        if self.score_bias is not None:
            # distances need more than the 8 bits of bf16
            distance_QS = distance_QS.to(torch.promote_types(like.dtype, torch.float32))
            bias_NQS = self.score_bias(distance_QS, like.shape[1])
            return bias_NQS[None].masked_fill(~visible_BQS[:, None], float("-inf"))
        is_asked = not torch.compiler.is_compiling()  # a compiled pass asks the numbers nothing
        if is_asked and bool(visible_BQS.all()):
            return None
        bias_BQS = torch.zeros(visible_BQS.shape, dtype=like.dtype, device=like.device)
        return bias_BQS.masked_fill_(~visible_BQS, float("-inf"))[:, None]
