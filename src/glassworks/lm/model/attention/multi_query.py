"""Multi-query attention: all query heads share one head of keys and values.

Idea: while a model writes, each new token reads the keys and values of all tokens before it from memory, and that is what
takes the time. One shared head makes them as small as they can be. It costs a little quality, which grouped-query
attention buys back with a few heads more.

Formula: y = o(concat over heads of softmax(q k^T / sqrt(H) + causal) v);  q, k, v = q(x), k(x), v(x)
Shapes: x_BTD -> q_BNTH, k_B1TH, v_B1TH -> y_BTD; q (N H, D), k (H, D), v (H, D), o (D, N H).
Source: Shazeer 2019, "Fast Transformer Decoding: One Write-Head is All You Need".
Letters: B rows, T positions, D width, N query heads, H numbers per head.
"""

from typing import ClassVar, Literal

from pydantic import Field

from glassworks.lm.model.attention._heads import Heads, HeadsConfig
from glassworks.lm.model.attention.base import AttentionConfig


class MultiQueryConfig(HeadsConfig):
    kind: Literal["multi_query"] = Field(
        default="multi_query", description="All query heads share one head of keys and values."
    )

    @property
    def num_kv_heads(self) -> int:
        return 1


class MultiQuery(Heads):
    Config: ClassVar[type[AttentionConfig]] = MultiQueryConfig
