"""What all attentions with query heads and key heads share: settings, projections, the cache.

A variant is a file beside this one that says how many key heads there are (`num_kv_heads`) and how far a query looks back
(`look_back`). The formula, for each:

    y = o(concat over heads of softmax(cap(q k^T / sqrt(H)) + hidden) v);  q, k, v = q(x), k(x), v(x)

QK-norm (has_qk_norm): queries and keys are normalized head by head, before positions turn them, so that scores cannot
grow without bound (Henry et al. 2020). It uses the architecture's norm.
Soft-capping (score_cap): cap(s) = c tanh(s / c), so that no score is larger than c (Gemma Team 2024, "Gemma 2").
Biases (has_bias, has_output_bias): GPT-2 has both, Qwen2 the first only, most newer models none.
Shapes: x_BTD -> q_BNTH, k_BKTH, v_BKTH -> y_BTD; q (N H, D), k (K H, D), v (K H, D), o (D, N H).
Letters: B rows, T positions, D width, N query heads, K key and value heads, H numbers per head.
"""

import torch
from pydantic import Field
from torch import Tensor, nn

from glassworks.lm.estimate.table import ShapeRow, linear, place, product
from glassworks.lm.model.attention._attend import attend, num_pairs
from glassworks.lm.model.attention._scores import score_pairs
from glassworks.lm.model.attention.base import Attention, AttentionConfig, MakeNorm, Scores
from glassworks.lm.model.cache import LayerBuffers, LayerCache
from glassworks.lm.model.component import (
    Linear,
    divisors,
    fill_linear,
    fill_zeros,
    impossible,
    nearest,
)
from glassworks.lm.model.forward import ForwardPass
from glassworks.lm.model.norm.base import NormConfig
from glassworks.lm.model.position.base import Position, PositionConfig


class HeadsConfig(AttentionConfig):
    """The settings of every attention that has query heads and key heads."""

    kind: str = ""
    heads: int = Field(default=2, ge=1, le=1024, description="Query heads.")
    head_width: int | None = Field(
        default=None, ge=1, le=4096, description="Numbers per head; empty: width / heads."
    )
    has_qk_norm: bool = Field(default=True, description="Normalize queries and keys.")
    has_bias: bool = Field(default=False, description="Add a bias to queries, keys and values.")
    has_output_bias: bool = Field(
        default=False, description="Add a bias to what is written back into the stream."
    )
    score_cap: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        description="Softly keep scores below this; empty: no limit. Gemma 2 has 50.",
    )

    @property
    def num_kv_heads(self) -> int:
        """Key and value heads."""
        return self.heads

    @property
    def look_back(self) -> int | None:
        """How many positions a query sees, itself included; None: all before it."""
        return None

    def rotated_width(self, width: int) -> int:
        return width // self.heads if self.head_width is None else self.head_width

    def num_cached_per_token(self, width: int) -> int:
        return 2 * self.num_kv_heads * self.rotated_width(width)

    def check(self, width: int, position: PositionConfig) -> None:
        if self.head_width is None and width % self.heads:
            raise impossible(
                f"{self.heads} heads do not divide a width of {width}.",
                self._heads_that_work(width, position),
                "attention.heads",
            )
        if problem := position.check_head_width(self.rotated_width(width)):
            raise impossible(
                f"{self.heads} heads of a width of {width} have {self.rotated_width(width)} "
                f"numbers each, and {problem}.",
                self._heads_that_work(width, position),
                "attention.heads" if self.head_width is None else "attention.head_width",
            )

    def _heads_that_work(self, width: int, position: PositionConfig) -> str:
        fitting = [n for n in divisors(width) if not position.check_head_width(width // n)]
        if self.head_width is not None or not fitting:
            return "Use an even head_width." if self.head_width else "Use an even width."
        return f"Use {nearest(fitting, self.heads)} heads, or set attention.head_width."

    def shapes(self, width: int, context: int, norm: NormConfig) -> list[ShapeRow]:
        part, head_width = "attention", self.rotated_width(width)
        num_q, num_kv = self.heads * head_width, self.num_kv_heads * head_width
        pairs = num_pairs(context, self.look_back) * self.heads / context
        rows = [
            *linear("q", part, num_q, width, self.has_bias, num_kept=2 * num_q),
            *linear("k", part, num_kv, width, self.has_bias, num_kept=num_kv),
            *linear("v", part, num_kv, width, self.has_bias, num_kept=num_kv),
        ]
        if self.has_qk_norm:
            rows += place(norm.shapes(part, head_width, self.heads), "q_norm.")
            rows += place(norm.shapes(part, head_width, self.num_kv_heads), "k_norm.")
        return [
            *rows,
            product(
                "scores",
                part,
                2 * pairs * head_width,
                num_kept=pairs * (1 if self.score_cap is None else 2),
            ),
            product("mix", part, 2 * pairs * head_width),
            *linear("o", part, width, num_q, self.has_output_bias, num_kept=num_q),
        ]


class SharedHeadsConfig(HeadsConfig):
    """Settings of attentions in which several query heads may share one key head."""

    kv_heads: int | None = Field(
        default=None, ge=1, le=1024, description="Key and value heads; empty: as many as heads."
    )

    @property
    def num_kv_heads(self) -> int:
        return self.heads if self.kv_heads is None else self.kv_heads

    def check(self, width: int, position: PositionConfig) -> None:
        if self.heads % self.num_kv_heads:
            raise impossible(
                f"{self.num_kv_heads} key-value heads cannot be shared evenly by {self.heads} heads.",
                f"Use {nearest(divisors(self.heads), self.num_kv_heads)} for kv_heads.",
                "attention.kv_heads",
            )
        super().check(width, position)


class Heads(Attention):
    """Attention of `heads` query heads over `num_kv_heads` heads of keys and values."""

    def __init__(self, config: HeadsConfig, width: int, make_norm: MakeNorm) -> None:
        super().__init__()
        self.num_heads, self.num_kv_heads = config.heads, config.num_kv_heads
        self.head_width = config.rotated_width(width)
        self.look_back, self.score_cap = config.look_back, config.score_cap
        self.q = Linear(width, self.num_heads * self.head_width, config.has_bias)
        self.k = Linear(width, self.num_kv_heads * self.head_width, config.has_bias)
        self.v = Linear(width, self.num_kv_heads * self.head_width, config.has_bias)
        self.q_norm = make_norm(self.head_width) if config.has_qk_norm else None
        self.k_norm = make_norm(self.head_width) if config.has_qk_norm else None
        self.o = Linear(self.num_heads * self.head_width, width, config.has_output_bias)
        self._joined: tuple[Tensor, Tensor | None] | None = None

    @torch.no_grad()
    def join(self) -> None:
        """Keep q, k and v joined, for a model that learns nothing more: their weights become views of the joined one."""
        weight, bias = self._join()
        parts = (self.q, self.k, self.v)
        sizes = [len(part.weight) for part in parts]
        for part, view in zip(parts, torch.split(weight, sizes), strict=True):
            part.weight = nn.Parameter(view, requires_grad=False)
        self._joined = weight, bias

    def joined(self) -> tuple[Tensor, Tensor | None]:
        """The matrix and the bias of q, k and v behind each other."""
        return self._joined or self._join()

    def _join(self) -> tuple[Tensor, Tensor | None]:
        """One matrix, and one bias, for q, k and v: one product is faster than three, forward and backward."""
        parts = (self.q, self.k, self.v)
        weights: list[Tensor] = [part.weight for part in parts]
        biases: list[Tensor] = [part.bias for part in parts if part.bias is not None]
        return torch.cat(weights), torch.cat(biases) if biases else None

    def initialize(self, generator: torch.Generator) -> None:
        for matrix in (self.q, self.k, self.v):
            fill_linear(matrix, generator)
        for norm in (self.q_norm, self.k_norm):
            if norm is not None:
                norm.initialize(generator)
        fill_zeros(self.o)

    def new_buffers(self, num_rows: int, capacity: int) -> LayerBuffers:
        shape = (num_rows, self.num_kv_heads, capacity, self.head_width)
        return {name: self.k.weight.new_zeros(shape) for name in ("keys", "values")}

    def forward(
        self, x_BTD: Tensor, position: Position, scope: ForwardPass, cache: LayerCache | None
    ) -> Tensor:
        q_BNTH, k_BKTH, v_BKTH = self.project(x_BTD, position, scope.start)
        if cache is not None:
            k_BKTH, v_BKTH = cache.append(keys=k_BKTH, values=v_BKTH)
        y_BNTH = attend(q_BNTH, k_BKTH, v_BKTH, scope, self.look_back, self.score_cap)
        y_BTD: Tensor = self.o(y_BNTH.transpose(1, 2).flatten(2))
        return y_BTD

    def scores(self, x_BTD: Tensor, position: Position, scope: ForwardPass) -> Scores:
        q_BNTH, k_BKTH, _ = self.project(x_BTD, position, scope.start)
        return score_pairs(q_BNTH, k_BKTH, scope, self.look_back, self.score_cap)

    def project(
        self, x_BTD: Tensor, position: Position, start: int
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values by head, normalized and turned: q_BNTH, k_BKTH, v_BKTH.

        Queries and keys go through norm and rotation together: a few large operations in place of many small ones.
        """
        N, K = self.num_heads, self.num_kv_heads
        weight, bias = self.joined()
        every = nn.functional.linear(x_BTD, weight, bias)
        every = every.view(*x_BTD.shape[:2], N + 2 * K, self.head_width)
        turned, v_BTKH = torch.split(every, [N + K, K], 2)
        turned = position.rotate(self._normalize(turned), start).transpose(1, 2)
        q_BNTH, k_BKTH = torch.split(turned, [N, K], 1)
        return q_BNTH, k_BKTH, v_BTKH.transpose(1, 2)

    def _normalize(self, both_BTMH: Tensor) -> Tensor:
        """Queries and then keys along the heads M = N + K, each by its norm; together where the norms have no weights."""
        if self.q_norm is None or self.k_norm is None:
            return both_BTMH
        if not list(self.q_norm.parameters()):
            normalized: Tensor = self.q_norm(both_BTMH)
            return normalized
        q_BTNH, k_BTKH = torch.split(both_BTMH, [self.num_heads, self.num_kv_heads], 2)
        return torch.cat([self.q_norm(q_BTNH), self.k_norm(k_BTKH)], 2)
