"""The scores of attention as they are before softmax, for who wants to see them; nothing is computed with them.

In: queries and keys by head, without a cache. Out: cap(q k^T / sqrt(H)) of all pairs in fp32, and what is added to it
before softmax: minus infinity where a query may not look, and what a position component says of distances.

Letters: B rows, N query heads, K key heads, T queries, S keys, H numbers per head.
"""

from torch import Tensor

from glassworks.lm.model.attention.base import Scores
from glassworks.lm.model.component import soft_cap
from glassworks.lm.model.forward import ForwardPass


def score_pairs(
    q_BNTH: Tensor,
    k_BKSH: Tensor,
    scope: ForwardPass,
    window: int | None = None,
    cap: float | None = None,
) -> Scores:
    """(scores_BNTS, bias): key heads that are shared are repeated for their queries."""
    num_sharing = q_BNTH.shape[1] // k_BKSH.shape[1]
    keys_BNSH = k_BKSH.float().repeat_interleave(num_sharing, 1)
    scores_BNTS = q_BNTH.float() @ keys_BNSH.transpose(-1, -2) * q_BNTH.shape[-1] ** -0.5
    everything = (scope.start, scope.start + scope.num_positions)
    bias = scope.bias(everything, everything, window, scores_BNTS)
    return soft_cap(scores_BNTS, cap), bias
