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
from typing import Any

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
    start, blocks = scope.start, plan_blocks(scope.num_positions, scope.start, window)
    biases = [scope.bias(queries, keys, window, q_BNTH) for queries, keys in blocks]
    ranges = [(slice(q[0] - start, q[1] - start), slice(*k)) for q, k in blocks]
    y_BNTH: Tensor = _Attend.apply(q_BNTH, k_BKSH, v_BKSH, ranges, cap, *biases)  # type: ignore[no-untyped-call]
    return y_BNTH


class _Attend(torch.autograd.Function):
    """The gradient is written out: PyTorch's own would fill, for each block, a gradient of all keys with zeros and add them up.

    With s the scores, w = softmax(s) and y = w v, for each block
        dv = w^T dy,  dw = dy v^T,  ds = w (dw - sum(w dw)),  dq = ds k / sqrt(H),  dk = ds^T q / sqrt(H).
    Queries, keys and values are brought into one order of memory once, since every product reads them.
    """

    @staticmethod
    def forward(
        ctx: Any,
        q_BNTH: Tensor,
        k_BKSH: Tensor,
        v_BKSH: Tensor,
        ranges: list[tuple[slice, slice]],
        cap: float | None,
        *biases: Tensor | None,
    ) -> Tensor:
        """All queries of a block against all keys of it; a bias (B or 1, N or 1, Q, S) hides what must not be seen."""
        q_BNTH = (q_BNTH * q_BNTH.shape[-1] ** -0.5).contiguous()
        k_BKSH, v_BKSH = k_BKSH.contiguous(), v_BKSH.contiguous()
        num_kv_heads, mixed, weights, slopes = k_BKSH.shape[1], [], [], []
        for (queries, keys), bias in zip(ranges, biases, strict=True):
            q_BNQH = q_BNTH[:, :, queries]
            scores = _stack(q_BNQH, num_kv_heads) @ k_BKSH[:, :, keys].transpose(-1, -2)
            scores = soft_cap(scores.view(*q_BNQH.shape[:3], -1), cap)
            if cap is not None:
                slopes.append(1 - (scores / cap).square())
            if bias is not None:
                scores = scores + bias
            weights.append(torch.softmax(scores, -1).to(v_BKSH.dtype))
            mixed.append(
                (_stack(weights[-1], num_kv_heads) @ v_BKSH[:, :, keys]).view(q_BNQH.shape)
            )
        ctx.ranges = ranges
        ctx.save_for_backward(q_BNTH, k_BKSH, v_BKSH, *weights, *slopes)
        return mixed[0] if len(mixed) == 1 else torch.cat(mixed, 2)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        q_BNTH, k_BKSH, v_BKSH, *kept = ctx.saved_tensors
        num_kv_heads, ranges = k_BKSH.shape[1], ctx.ranges
        weights, slopes = kept[: len(ranges)], kept[len(ranges) :]
        grad_BNTH = gradients[0].contiguous()
        grads_q = []
        grad_k, grad_v = torch.zeros_like(k_BKSH), torch.zeros_like(v_BKSH)
        for i, (queries, keys) in enumerate(ranges):
            grad_stacked = _stack(grad_BNTH[:, :, queries], num_kv_heads)
            grad_weights = (grad_stacked @ v_BKSH[:, :, keys].transpose(-1, -2)).view_as(weights[i])
            grad_scores = torch.ops.aten._softmax_backward_data(
                grad_weights, weights[i], -1, weights[i].dtype
            )
            if slopes:
                grad_scores = grad_scores * slopes[i]
            scores_stacked = _stack(grad_scores, num_kv_heads)
            grads_q.append((scores_stacked @ k_BKSH[:, :, keys]).view_as(q_BNTH[:, :, queries]))
            q_stacked = _stack(q_BNTH[:, :, queries], num_kv_heads)
            grad_k[:, :, keys] += scores_stacked.transpose(-1, -2) @ q_stacked
            weights_stacked = _stack(weights[i], num_kv_heads)
            grad_v[:, :, keys] += weights_stacked.transpose(-1, -2) @ grad_stacked
        grad_q = torch.cat(grads_q, 2) * q_BNTH.shape[-1] ** -0.5
        return grad_q, grad_k, grad_v, None, None, *[None] * len(ranges)


def _stack(x_BNTC: Tensor, num_kv_heads: int) -> Tensor:
    """Queries that share a key head on top of each other, (B, K, G T, C): keys and values need not be repeated."""
    B, _, _, C = x_BNTC.shape
    return x_BNTC.reshape(B, num_kv_heads, -1, C)


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
