"""The peer: `generate` of the stock class in `transformers` that computes the same model, with the same weights."""

from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from benchmarks.contestant import Burst, compete
from benchmarks.contestants.generate_glassworks import PROMPT_TOKENS, digest_of, model_of, prompts
from glassworks.lm.export.families import choose_family


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    ours = model_of(settings)
    family = choose_family(ours.architecture)
    config = AutoConfig.for_model(family.model_type, **family.config(ours.architecture))
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(family.tensors(ours.architecture, ours.state_dict()), strict=False)
    model = model.eval()
    num_new = settings["context"] - PROMPT_TOKENS
    ids = torch.tensor(prompts(settings))
    written: list[list[int]] = []
    wanted = {"max_new_tokens": num_new, "min_new_tokens": num_new, "do_sample": False}

    def burst(texts: int) -> int:
        for _ in range(texts):
            with torch.no_grad():
                mask = torch.ones_like(ids)
                whole = model.generate(ids, attention_mask=mask, pad_token_id=0, **wanted)
            written[:] = whole[:, ids.shape[1] :].tolist()
        return int(texts * num_new * settings["rows"])

    parameters = sum(p.numel() for p in model.parameters())
    burst(1)
    about = {"parameters": parameters, "digest": digest_of(written), "class": family.model_class}
    return burst, about


if __name__ == "__main__":
    compete(prepare)
