"""Grouped-query attention: several query heads share one head of keys and values.

Idea: every position asks a question (query), offers a label (key) and carries a message (value). It compares its question
with all labels before it and takes the messages in shares. Several heads ask different things at once. Keys and values
are what a cache must keep, so letting query heads share them makes the cache small at little loss. With as many
kv_heads as heads this is multi-head attention, with one it is multi-query attention.

Formula: y = o(concat over heads of softmax(q k^T / sqrt(H) + causal) v);  q, k, v = q(x), k(x), v(x)
Shapes: x_BTD -> q_BNTH, k_BKTH, v_BKTH -> y_BTD; q (N H, D), k (K H, D), v (K H, D), o (D, N H).
Source: Ainslie et al. 2023, "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints".
Letters: B rows, T positions, D width, N query heads, K key and value heads, H numbers per head.
"""

from typing import ClassVar, Literal

from pydantic import Field

from glassworks.lm.model.attention._heads import Heads, SharedHeadsConfig
from glassworks.lm.model.attention.base import AttentionConfig


class GroupedConfig(SharedHeadsConfig):
    kind: Literal["grouped"] = Field(
        default="grouped", description="Grouped-query, multi-head or multi-query attention."
    )


class Grouped(Heads):
    Config: ClassVar[type[AttentionConfig]] = GroupedConfig
