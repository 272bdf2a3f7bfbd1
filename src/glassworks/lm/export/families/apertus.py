"""Apertus: squared ReLU and QK-norm.

The published models use the activation xIELU; the class takes any by name, `relu2` among them.
Source: Swiss AI 2025, "Apertus: Democratizing Open and Compliant LLMs for Global Language Environments".
"""

from glassworks.lm.export.families.base import LlamaLike

FAMILY = LlamaLike(
    model_type="apertus",
    model_class="ApertusForCausalLM",
    feed_forward="squared_relu",
    activation="relu2",
    has_qk_norm=True,
    attention_norm="attention_layernorm",
    feed_forward_norm="feedforward_layernorm",
)
