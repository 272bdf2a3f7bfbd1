"""Arcee: Llama with squared ReLU in place of SwiGLU.

Source: Arcee AI 2025, AFM-4.5B.
"""

from glassworks.lm.export.families.base import LlamaLike

FAMILY = LlamaLike(
    model_type="arcee",
    model_class="ArceeForCausalLM",
    feed_forward="squared_relu",
    activation="relu2",
    has_qk_norm=False,
    needs_even_heads=True,
)
