"""Qwen3: Llama with QK-norm, each head normalized by itself before its position turns it.

Source: Yang et al. 2025, "Qwen3 Technical Report".
"""

from glassworks.lm.export.families.base import LlamaLike

FAMILY = LlamaLike(
    model_type="qwen3",
    model_class="Qwen3ForCausalLM",
    feed_forward="swiglu",
    activation="silu",
    has_qk_norm=True,
)
