"""Llama: rotary positions, RMSNorm, SwiGLU.

Source: Touvron et al. 2023, "LLaMA: Open and Efficient Foundation Language Models".
"""

from glassworks.lm.export.families.base import LlamaLike

FAMILY = LlamaLike(
    model_type="llama",
    model_class="LlamaForCausalLM",
    feed_forward="swiglu",
    activation="silu",
    has_qk_norm=False,
    needs_even_heads=True,
)
