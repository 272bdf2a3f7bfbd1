"""What one forward pass shares among its layers: where its positions start, what may be seen, the cache.

In: made by `Transformer.forward`. Out: read by attention and position components. Masks are made once per pass and
kept, because every layer needs the same ones.

Letters: B rows of a batch, T positions of this pass, S positions that are looked at (cached ones included).
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass
class ForwardPass:
    """`start`: position of the pass's first token, i.e. how many positions the cache holds already.

    `segments_BS`: number of the document that each position belongs to, for all S = start + T positions; attention stays
    inside a document. None: the whole row is one document, which is the fast path.
    """

    num_positions: int
    start: int = 0
    segments_BS: Tensor | None = None
    _masks: dict[tuple[int, ...], Tensor | None] = field(default_factory=dict)

    def bias(
        self, queries: tuple[int, int], keys: tuple[int, int], window: int | None, like: Tensor
    ) -> Tensor | None:
        """What is added to the scores of a block: 0 where a query may look, minus infinity where not.

        `queries` and `keys` are half-open ranges of absolute positions. A query sees itself and what is before it,
        at most `window` positions in all. None: everything in the block may be seen. Shape (B or 1, 1, Q, S).
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
        if bool(visible_BQS.all()):
            return None
        bias_BQS = torch.zeros(visible_BQS.shape, dtype=like.dtype, device=like.device)
        return bias_BQS.masked_fill_(~visible_BQS, float("-inf"))[:, None]
