"""Multi-head attention: every query head has keys and values of its own.

Idea: every position asks a question (query), offers a label (key) and carries a message (value). It compares its question
with all labels before it and takes the messages in shares. Several heads ask different things at once: one may look for
the subject of a verb, another for the word before.

Formula: y = o(concat over heads of softmax(q k^T / sqrt(H) + causal) v);  q, k, v = q(x), k(x), v(x)
Shapes: x_BTD -> q_BNTH, k_BNTH, v_BNTH -> y_BTD; q (N H, D), k (N H, D), v (N H, D), o (D, N H).
Source: Vaswani et al. 2017, "Attention Is All You Need".
Letters: B rows, T positions, D width, N heads, H numbers per head.
"""

from typing import ClassVar, Literal

from pydantic import Field

from glassworks.lm.model.attention._heads import Heads, HeadsConfig
from glassworks.lm.model.attention.base import AttentionConfig


class MultiHeadConfig(HeadsConfig):
    kind: Literal["multi_head"] = Field(
        default="multi_head", description="Each head has keys and values of its own."
    )


class MultiHead(Heads):
    Config: ClassVar[type[AttentionConfig]] = MultiHeadConfig
