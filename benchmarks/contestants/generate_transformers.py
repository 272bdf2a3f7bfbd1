"""The peer: `generate` of the stock class in `transformers` that computes the same model, with the same weights."""

from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from benchmarks.contestant import Burst, compete
from benchmarks.contestants.generate_glassworks import PROMPT_TOKENS, model_of
from glassworks.lm.export.families import choose_family


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    ours = model_of(settings)
    family = choose_family(ours.architecture)
    config = AutoConfig.for_model(family.model_type, **family.config(ours.architecture))
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(family.tensors(ours.architecture, ours.state_dict()), strict=False)
    model = model.to(torch.bfloat16 if settings["dtype"] == "bf16" else torch.float32).eval()
    num_new = settings["context"] - PROMPT_TOKENS
    ids = torch.tensor([list(range(1, 1 + PROMPT_TOKENS))])
    wanted = {"max_new_tokens": num_new, "min_new_tokens": num_new, "do_sample": False}

    def burst(texts: int) -> int:
        for _ in range(texts):
            with torch.no_grad():
                model.generate(ids, attention_mask=torch.ones_like(ids), pad_token_id=0, **wanted)
        return int(texts * num_new)

    parameters = sum(p.numel() for p in model.parameters())
    about = {"parameters": parameters, "dtype": settings["dtype"], "class": family.model_class}
    return burst, about


if __name__ == "__main__":
    compete(prepare)
