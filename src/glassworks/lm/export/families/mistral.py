"""Mistral: Llama with attention over the newest positions only.

Source: Jiang et al. 2023, "Mistral 7B".
"""

from glassworks.lm.export.families.base import LlamaLike

FAMILY = LlamaLike(
    model_type="mistral",
    model_class="MistralForCausalLM",
    feed_forward="swiglu",
    activation="silu",
    has_qk_norm=False,
    is_windowed=True,
    takes_attention_bias=False,
)
