"""Our generation of several texts beside each other, with a cache, in fp32 as models are served."""

import hashlib
import json
from typing import Any

import torch

from benchmarks.contestant import Burst, compete
from benchmarks.shapes import architecture_of
from glassworks.lm.generate.sampling import next_token
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.one_position import OnePosition
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


def prompts(settings: dict[str, Any]) -> list[list[int]]:
    """A prompt for each row, all different."""
    return [list(range(row + 1, row + 1 + PROMPT_TOKENS)) for row in range(settings["rows"])]


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    model = model_of(settings).eval().lay_out_for_writing()
    num_new = settings["context"] - PROMPT_TOKENS
    written: list[list[int]] = []

    def burst(texts: int) -> int:
        for _ in range(texts):
            written[:] = write(model, prompts(settings), num_new)
        return int(texts * num_new * settings["rows"])

    burst(1)
    return burst, {"parameters": model.num_parameters, "digest": digest_of(written)}


def write(model: Transformer, ids_BT: list[list[int]], num_new: int) -> list[list[int]]:
    """The likeliest tokens after each of several prompts of one length, as the process that serves a model computes them."""
    generator = torch.Generator()
    cache, written = model.new_cache(len(ids_BT)), [list[int]() for _ in ids_BT]
    with torch.no_grad():
        logits_BV = model.logits(model.hidden(torch.tensor(ids_BT), cache)[:, -1])
    one = OnePosition(model, cache)
    while True:
        tokens_B = [next_token(logits_V, GREEDY, generator) for logits_V in logits_BV]
        for row, token in zip(written, tokens_B, strict=True):
            row.append(token)
        if len(written[0]) == num_new:
            return written
        logits_BV = torch.from_numpy(one.scores(tokens_B))


def digest_of(written: list[list[int]]) -> str:
    """Equal for equal ids."""
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()[:16]


if __name__ == "__main__":
    compete(prepare)
