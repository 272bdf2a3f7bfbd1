"""The model for the next position alone, in numpy: what a model that writes computes for each token.

In: a model in fp32 on a CPU, a cache that has read the text so far, one token for each of its rows. Out: the scores of the tokens
that come next. Weights and cache are the model's own memory, seen as arrays, so both can take turns: a prompt is read by the
model, all positions at once, and what follows is written here, one by one.

It is the same function as the model's `forward`, and a short form of it to read: one position needs no masks, no blocks and no
gradients. It is here for speed: an operation on so few numbers takes PyTorch five microseconds and numpy one, and the products with
the weights, attention and norms, which are memory read once and little else, are loops of `loops.py`. What has no form here (a plugin) is
asked of the model's own part. `docs/benchmarks.md` has the figures.

Letters: B rows, D width, N query heads, K key heads, G query heads per key head (N = K G), M = N + K, H numbers per head, S
positions in the cache, I numbers in, O numbers out, E experts, A experts that a row asks.
"""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
import torch
from torch import nn
from torch.nn.functional import gelu, silu

from glassworks.lm.model.attention._heads import Heads
from glassworks.lm.model.block import Block
from glassworks.lm.model.cache import KVCache, LayerCache
from glassworks.lm.model.component import Linear
from glassworks.lm.model.feed_forward.gelu import GELU
from glassworks.lm.model.feed_forward.mixture_of_experts import MixtureOfExperts
from glassworks.lm.model.feed_forward.squared_relu import SquaredReLU
from glassworks.lm.model.feed_forward.swiglu import SwiGLU
from glassworks.lm.model.forward import ForwardPass
from glassworks.lm.model.loops import Array, loops
from glassworks.lm.model.norm.layer_norm import LayerNorm
from glassworks.lm.model.norm.rms_norm import RMSNorm
from glassworks.lm.model.position.base import Position
from glassworks.lm.model.position.rotary import Rotary
from glassworks.lm.model.transformer import Transformer

Form = Callable[[Array], Array]


class OnePosition:
    """A model and a cache of its, for one token after another."""

    def __init__(self, model: Transformer, cache: KVCache) -> None:
        self._cache = cache
        self._position = model.position
        self._embedding = array_of(model.embedding.weight)
        self._blocks = [
            _block(block, model.position, layer)
            for block, layer in zip(model.blocks, cache.layers, strict=True)
        ]
        self._norm = _norm(model.norm)
        self._head = _matrix(model.head_weight, None)
        self._cap = model.architecture.logit_cap

    @staticmethod
    def is_possible(model: Transformer) -> bool:
        """Whether the model is in fp32 on a CPU, with attention of a kind that is known here."""
        return all(isinstance(block.attention, Heads) for block in model.blocks) and all(
            one.device.type == "cpu" and one.dtype == torch.float32 for one in model.parameters()
        )

    @torch.no_grad()
    def scores(self, tokens_B: Sequence[int]) -> Array:
        """Read one more token of each row; the scores of those that come next, (B, V). Raises LimitReached beyond the context."""
        self._cache.check_room(1)
        x_BD = self._embedding[list(tokens_B)]
        if type(self._position).embed is not Position.embed:
            x_BD = _by_torch(lambda x: self._position.embed(x, self._cache.length), x_BD)
        for block in self._blocks:
            x_BD = block(x_BD)
        scores_BV = self._head(self._norm(x_BD))
        return scores_BV if self._cap is None else np.tanh(scores_BV / self._cap) * self._cap


def array_of(tensor: torch.Tensor) -> Array:
    """The same memory."""
    return tensor.detach().numpy()


def _block(block: Block, position: Position, layer: LayerCache) -> Form:
    """One layer, as `Block.forward` has it."""
    attend, think = _attention(block, position, layer), _feed_forward(block.feed_forward)
    first = _norm(block.attention_norm)
    if block.feed_forward_norm is None:

        def parallel(x_BD: Array) -> Array:
            read_BD = first(x_BD) if block.is_pre else x_BD
            y_BD = x_BD + attend(read_BD) + think(read_BD)
            return y_BD if block.is_pre else first(y_BD)

        return parallel
    second = _norm(block.feed_forward_norm)

    def pre(x_BD: Array) -> Array:
        x_BD = x_BD + attend(first(x_BD))
        return x_BD + think(second(x_BD))

    def post(x_BD: Array) -> Array:
        x_BD = first(x_BD + attend(x_BD))
        return second(x_BD + think(x_BD))

    return pre if block.is_pre else post


def _attention(block: Block, position: Position, layer: LayerCache) -> Form:
    """softmax(cap(q k^T / sqrt(H)) + bias) v over all that is in the cache and the new position."""
    heads = block.attention
    assert isinstance(heads, Heads)
    N, K, H = heads.num_heads, heads.num_kv_heads, heads.head_width
    weight, bias = heads.joined()
    project, output = _matrix(weight, bias), _linear(heads.o)
    normalize, rotate = _both(heads, N), _rotation(position)
    keys_BKSH, values_BKSH = (array_of(layer.buffers[name]) for name in ("keys", "values"))

    def attend(x_BD: Array) -> Array:
        start, end = layer.length, layer.length + 1
        every_BMH = project(x_BD).reshape(len(x_BD), N + 2 * K, H)
        turned_BMH = rotate(normalize(every_BMH[:, : N + K]), start)
        keys_BKSH[:, :, start] = turned_BMH[:, N:]
        values_BKSH[:, :, start] = every_BMH[:, N + K :]
        layer.length = end
        first = 0 if heads.look_back is None else max(0, end - heads.look_back)
        bias_KGS = None
        if position.has_score_bias:
            distances_1S = torch.arange(start - first, -1, -1, dtype=torch.float32)[None]
            bias_KGS = array_of(position.score_bias(distances_1S, N)).reshape(K, N // K, -1)
        q_BKGH = turned_BMH[:, :N].reshape(len(x_BD), K, N // K, H) / np.float32(sqrt(H))
        y_BKGH = loops().attend(
            q_BKGH, keys_BKSH, values_BKSH, slice(first, end), heads.score_cap, bias_KGS
        )
        return output(y_BKGH.reshape(len(x_BD), N * H))

    return attend


def _both(heads: Heads, num_queries: int) -> Form:
    """The norms of queries and keys, which lie behind each other."""
    if heads.q_norm is None or heads.k_norm is None:
        return _as_it_is
    of_queries, of_keys = _norm(heads.q_norm), _norm(heads.k_norm)
    if not list(heads.q_norm.parameters()):
        return of_queries

    def normalize(both_BMH: Array) -> Array:
        q_BNH, k_BKH = both_BMH[:, :num_queries], both_BMH[:, num_queries:]
        return np.concatenate([of_queries(q_BNH), of_keys(k_BKH)], 1)

    return normalize


def _rotation(position: Position) -> Callable[[Array, int], Array]:
    """What a position component does with queries and keys, (B, M, H)."""
    if type(position).rotate is Position.rotate:
        return lambda x_BMH, start: x_BMH
    if not isinstance(position, Rotary):
        return lambda x_BMH, start: _by_torch(lambda x: position.rotate(x, start), x_BMH)
    cos_T1H, sin_T1H = array_of(position.cos_T1H), array_of(position.sin_T1H)

    def rotate(x_BMH: Array, start: int) -> Array:
        half = x_BMH.shape[-1] // 2
        swapped_BMH = np.concatenate([x_BMH[..., half:], x_BMH[..., :half]], -1)
        turned_BMH: Array = x_BMH * cos_T1H[start] + swapped_BMH * sin_T1H[start]
        return turned_BMH

    return rotate


def _feed_forward(part: nn.Module) -> Form:
    if isinstance(part, SwiGLU):
        gate, up, down = _linear(part.gate), _linear(part.up), _linear(part.down)
        return lambda x_BD: down(array_of(silu(torch.from_numpy(gate(x_BD)))) * up(x_BD))
    if isinstance(part, GELU):
        up, down, form = _linear(part.up), _linear(part.down), part.approximate
        return lambda x_BD: down(array_of(gelu(torch.from_numpy(up(x_BD)), approximate=form)))
    if isinstance(part, SquaredReLU):
        up, down = _linear(part.up), _linear(part.down)
        return lambda x_BD: down(np.square(np.maximum(up(x_BD), 0)))
    if isinstance(part, MixtureOfExperts):
        return _mixture(part)
    return lambda x_BD: _by_torch(lambda x: part(x, ForwardPass(1)), x_BD)


def _mixture(part: MixtureOfExperts) -> Form:
    """Each row asks its best experts; an expert that several rows ask answers them together."""
    score, num_active = _linear(part.router), part.num_active
    experts = [_feed_forward(expert) for expert in part.experts]

    def mix(x_BD: Array) -> Array:
        scores_BE = score(x_BD)
        shares_BE = np.exp(scores_BE - scores_BE.max(-1, keepdims=True))
        best_BA = np.argsort(-shares_BE, kind="stable")[:, :num_active]
        gates_BA = np.take_along_axis(shares_BE, best_BA, 1)
        gates_BA /= (gates_BA if num_active > 1 else shares_BE).sum(-1, keepdims=True)
        y_BD = np.zeros_like(x_BD)
        for number in set(best_BA.flat):
            rows, places = np.nonzero(best_BA == number)
            y_BD[rows] += gates_BA[rows, places, None] * experts[number](x_BD[rows])
        return y_BD

    return mix


def _norm(norm: nn.Module | None) -> Form:
    """Over the last dimension."""
    if norm is None:
        return _as_it_is
    if isinstance(norm, RMSNorm):
        weight, eps = _weight_of(norm.weight), norm.eps

        def rms(x: Array) -> Array:
            y = loops().rms_norm(x, eps)
            return y if weight is None else y * weight

        return rms
    if isinstance(norm, LayerNorm):
        weight, bias, eps = _weight_of(norm.weight), _weight_of(norm.bias), norm.eps

        def layer_norm(x: Array) -> Array:
            centered = x - x.mean(-1, keepdims=True)
            variance = np.einsum("...i,...i->...", centered, centered)[..., None] / x.shape[-1]
            y: Array = centered / np.sqrt(variance + np.float32(eps))
            y = y if weight is None else y * weight
            return y if bias is None else y + bias

        return layer_norm
    return lambda x: _by_torch(norm, x)


def _weight_of(weight: torch.Tensor | None) -> Array | None:
    return None if weight is None else array_of(weight)


def _linear(linear: Linear) -> Form:
    return _matrix(linear.weight, linear.bias)


def _matrix(weight_OI: torch.Tensor, bias_O: torch.Tensor | None) -> Form:
    """x -> W x + b."""
    bias = _weight_of(bias_O)
    product = loops().matrix(np.ascontiguousarray(array_of(weight_OI)))
    return product if bias is None else lambda x_BI: product(x_BI) + bias


def _by_torch(part: Callable[[torch.Tensor], torch.Tensor], x: Array) -> Array:
    """A part of the model that has no form here: as rows of one position each, (B, 1, ...)."""
    return array_of(part(torch.from_numpy(np.ascontiguousarray(x))[:, None]))[:, 0]


def _as_it_is(x: Array) -> Array:
    return x
