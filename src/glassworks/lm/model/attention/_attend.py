"""The core of attention: softmax(cap(q k^T / sqrt(H)) + bias) v, where every query sees what is before it.

In: queries, keys, values by head. Out: one mixed value for each query. Three forms of the same function:

- `attend_plain`, on a CPU: two matrix products round a softmax, in blocks of queries, because a block of early queries
  need not touch late keys. Twice as fast there as PyTorch's fused form.
- `attend_fused`, on a GPU, and anywhere for the single query of writing: PyTorch's scaled_dot_product_attention, which never
  writes the scores to memory.
- `attend_reference`: the formula, query by query, to read and to test the others against.

`bias` comes from the pass (`ForwardPass.bias`): what must not be seen, and what a position component adds to the scores.
`cap` softly bounds the scores before that; the fused kernel cannot do it, so capped scores take the plain form anywhere.

Softmax computes in fp32 whatever the dtype, since exponentials of bf16 lose too much; only its shares are rounded.

Letters: B rows, N query heads, K key heads, G query heads per key head (N = K G), T queries, S keys, H numbers per head.
"""

from math import sqrt

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from glassworks.lm.model.component import soft_cap
from glassworks.lm.model.forward import ForwardPass

BLOCK = 128
"""Queries per block. Smaller blocks skip more of the future, larger ones make larger matrix products."""

Block = tuple[tuple[int, int], tuple[int, int]]


def plan_blocks(num_queries: int, start: int, window: int | None) -> list[Block]:
    """Which queries meet which keys: half-open ranges of absolute positions (queries, keys)."""
    end = start + num_queries
    blocks: list[Block] = []
    for first in range(start, end, BLOCK):
        last = min(first + BLOCK, end)
        first_key = 0 if window is None else max(0, first - window + 1)
        blocks.append(((first, last), (first_key, last)))
    return blocks


def num_pairs(context: int, window: int | None) -> int:
    """Query-key pairs that are multiplied for a full context without a cache."""
    return sum((q[1] - q[0]) * (k[1] - k[0]) for q, k in plan_blocks(context, 0, window))


def attend(
    q_BNTH: Tensor,
    k_BKSH: Tensor,
    v_BKSH: Tensor,
    scope: ForwardPass,
    window: int | None = None,
    cap: float | None = None,
) -> Tensor:
    """Causal attention -> y_BNTH, by the form that is fast on the tensors' device."""
    is_writing = scope.num_positions == 1 and not torch.is_grad_enabled()
    if cap is None and (q_BNTH.is_cuda or is_writing):
        return attend_fused(q_BNTH, k_BKSH, v_BKSH, scope, window)
    return attend_plain(q_BNTH, k_BKSH, v_BKSH, scope, window, cap)


def attend_plain(
    q_BNTH: Tensor,
    k_BKSH: Tensor,
    v_BKSH: Tensor,
    scope: ForwardPass,
    window: int | None,
    cap: float | None = None,
) -> Tensor:
    """Matrix products and softmax, block of queries by block of queries."""
    mixed = []
    for queries, keys in plan_blocks(scope.num_positions, scope.start, window):
        q_BNQH = q_BNTH[:, :, queries[0] - scope.start : queries[1] - scope.start]
        bias = scope.bias(queries, keys, window, q_BNTH)
        k_block, v_block = k_BKSH[:, :, slice(*keys)], v_BKSH[:, :, slice(*keys)]
        mixed.append(_attend_block(q_BNQH, k_block, v_block, bias, cap))
    return mixed[0] if len(mixed) == 1 else torch.cat(mixed, 2)


def _attend_block(
    q_BNTH: Tensor, k_BKSH: Tensor, v_BKSH: Tensor, bias: Tensor | None, cap: float | None
) -> Tensor:
    """All queries of a block against all keys of it; `bias` (B or 1, N or 1, T, S) hides what must not be seen."""
    B, N, T, H = q_BNTH.shape
    K, S = k_BKSH.shape[1:3]
    # queries that share a key head are stacked: keys and values need not be repeated
    q_BKGTH = (q_BNTH * H**-0.5).reshape(B, K, N // K * T, H)
    scores = soft_cap((q_BKGTH @ k_BKSH.transpose(-1, -2)).view(B, N, T, S), cap)
    if bias is not None:
        scores = scores + bias
    weights = torch.softmax(scores, -1).to(v_BKSH.dtype)
    mixed = weights.view(B, K, N // K * T, S) @ v_BKSH
    return mixed.view(B, N, T, H)


def attend_fused(
    q_BNTH: Tensor, k_BKSH: Tensor, v_BKSH: Tensor, scope: ForwardPass, window: int | None
) -> Tensor:
    """PyTorch's fused kernel; a mask is built only where plain causality does not say it all."""
    num_keys = scope.start + scope.num_positions
    is_grouped = q_BNTH.shape[1] != k_BKSH.shape[1]
    is_masked = scope.start > 0 or window is not None or scope.segments_BS is not None
    is_plain = not is_masked and scope.score_bias is None
    is_everything_seen = scope.sees_everything(window)
    bias = None
    if not is_plain and not is_everything_seen:
        bias = scope.bias((scope.start, num_keys), (0, num_keys), window, q_BNTH)
        bias = None if bias is None else bias.to(q_BNTH.dtype)
    is_causal = is_plain and not is_everything_seen
    return scaled_dot_product_attention(
        q_BNTH, k_BKSH, v_BKSH, attn_mask=bias, is_causal=is_causal, enable_gqa=is_grouped
    )


def attend_reference(
    q_BNTH: Tensor,
    k_BKSH: Tensor,
    v_BKSH: Tensor,
    scope: ForwardPass,
    window: int | None,
    cap: float | None = None,
) -> Tensor:
    """One query at a time: score every visible key, turn scores into shares, mix the values."""
    B, N, T, H = q_BNTH.shape
    num_sharing = N // k_BKSH.shape[1]
    y_BNTH = torch.empty_like(q_BNTH)
    for b in range(B):
        for n in range(N):
            for t in range(T):
                visible = _visible_keys(scope, b, scope.start + t, window)
                keys_SH = k_BKSH[b, n // num_sharing, visible]
                values_SH = v_BKSH[b, n // num_sharing, visible]
                scores_S = keys_SH @ q_BNTH[b, n, t] / sqrt(H)
                if cap is not None:
                    scores_S = cap * torch.tanh(scores_S / cap)
                if scope.score_bias is not None:
                    distances_S = scope.start + t - torch.tensor(visible)
                    scores_S = scores_S + scope.score_bias(distances_S.to(scores_S), N)[n]
                y_BNTH[b, n, t] = torch.softmax(scores_S, 0) @ values_SH
    return y_BNTH


def _visible_keys(scope: ForwardPass, row: int, query: int, window: int | None) -> list[int]:
    first = 0 if window is None else max(0, query - window + 1)
    keys = range(first, query + 1)
    if scope.segments_BS is None:
        return list(keys)
    segments = scope.segments_BS[row].tolist()
    return [key for key in keys if segments[key] == segments[query]]
