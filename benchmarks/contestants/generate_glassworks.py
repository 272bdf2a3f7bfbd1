"""Our generation of one text at a time, with its cache."""

from typing import Any

import torch

from benchmarks.contestant import Burst, compete
from benchmarks.shapes import architecture_of
from glassworks.lm.generate.sampling import next_token
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import Transformer, build_model

PROMPT_TOKENS = 8
GREEDY = GenerateSettings(temperature=0)


def model_of(settings: dict[str, Any]) -> Transformer:
    """The model that both contestants have: fresh weights, with a head that is not zero."""
    model = build_model(parse_architecture(architecture_of(settings)), seed=1)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.02)
    return model


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    dtype = torch.bfloat16 if settings["dtype"] == "bf16" else torch.float32
    model = model_of(settings).to(dtype).eval()
    num_new = settings["context"] - PROMPT_TOKENS
    generator = torch.Generator().manual_seed(3)

    def burst(texts: int) -> int:
        for _ in range(texts):
            cache = model.new_cache(1)
            ids = list(range(1, 1 + PROMPT_TOKENS))
            for _ in range(num_new):
                with torch.no_grad():
                    logits_V = model.logits(model.hidden(torch.tensor([ids]), cache)[0, -1])
                ids = [next_token(logits_V, GREEDY, generator)]
        return int(texts * num_new)

    return burst, {"parameters": model.num_parameters, "dtype": settings["dtype"]}


if __name__ == "__main__":
    compete(prepare)
