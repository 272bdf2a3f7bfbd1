"""Writes `tests/lm/generate/sampling_vectors.json`: logits and settings, and what each step of sampling makes of them.

In: `lm/generate/sampling.py`. Out: cases over all settings, ties and extremes, which hold Python and TypeScript to the same
arithmetic. Unusual: a dropped token is null; no random case lies on the border of a cut, where rounding would decide.

    .venv/bin/python -m tools.generate_sampling_vectors
"""

import json
import math
import random
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from glassworks.lm.generate import sampling
from glassworks.lm.generate.sampling import History
from glassworks.lm.generate.settings import GenerateSettings

VECTORS = Path("tests/lm/generate/sampling_vectors.json")
SEED = 20
NUM_RANDOM = 60
MARGIN = 1e-6
"""A random case with a token this near to a cut is thrown away."""
OWN = ("seed", "max_tokens", "stop")


def chosen_cases() -> list[dict[str, Any]]:
    """Cases by hand: each setting alone, ties, extremes."""
    mixed = [2.0, 1.0, 0.5, 0.0, -0.5, -3.0]
    return [
        case("everything off", mixed, {"temperature": 1.0}),
        case("one token", [3.5], {"temperature": 0.7, "top_k": 1, "top_p": 0.1, "min_p": 1.0}),
        case("cold", mixed, {"temperature": 0.1}),
        case("hot", mixed, {"temperature": 10.0}),
        case("greedy", mixed, {"temperature": 0.0}),
        case("greedy, a tie: the lower id", [1.0, 4.0, 4.0, 0.0], {"temperature": 0.0}),
        case("greedy ignores the cuts", mixed, {"temperature": 0.0, "top_k": 3, "min_p": 0.2}),
        case("top-k", mixed, {"temperature": 1.0, "top_k": 3}),
        case("top-k 1", mixed, {"temperature": 1.0, "top_k": 1}),
        case("top-k beyond the vocabulary", mixed, {"temperature": 1.0, "top_k": 99}),
        case("top-k, a tie: the lower ids", [1.0, 2.0, 1.0, 1.0], {"temperature": 1, "top_k": 2}),
        case("top-p", mixed, {"temperature": 1.0, "top_p": 0.7}),
        case("top-p keeps one at least", mixed, {"temperature": 1.0, "top_p": 0.001}),
        case("top-p, all equal", [0.0] * 5, {"temperature": 1.0, "top_p": 0.5}),
        case("min-p", mixed, {"temperature": 1.0, "min_p": 0.2}),
        case("min-p 1 keeps ties", [2.0, 2.0, 1.9], {"temperature": 1.0, "min_p": 1.0}),
        case("min-p after temperature", mixed, {"temperature": 2.0, "min_p": 0.3}),
        case("top-p on what top-k left", mixed, {"temperature": 1.0, "top_k": 3, "top_p": 0.8}),
        case("large logits", [1e4, 9_990.0, -1e4], {"temperature": 1.0}),
        case("large logits, cold", [1e4, 9_999.9, -1e4], {"temperature": 0.01}),
        case("repetition", mixed, {"temperature": 1, "repetition_penalty": 1.3}, [0, 5], [2, 2]),
        case("repetition below 1", mixed, {"temperature": 1, "repetition_penalty": 0.7}, [1], [4]),
        case("frequency", mixed, {"temperature": 1, "frequency_penalty": 0.5}, [0, 1], [2, 2, 3]),
        case("presence", mixed, {"temperature": 1, "presence_penalty": 0.8}, [0, 1], [2, 2, 3]),
        case("below 0 they reward", mixed, {"frequency_penalty": -0.5, "presence_penalty": -1}, [], [3, 3]),
        case("the prompt is not written", mixed, {"frequency_penalty": 2, "presence_penalty": 2}, [0, 0]),
        case("greedy after penalties", mixed, {"temperature": 0, "frequency_penalty": 1.5}, [], [0]),
        case("penalties without history", mixed, {"repetition_penalty": 2, "presence_penalty": 1}),
    ]  # fmt: skip


def random_cases() -> list[dict[str, Any]]:
    """All settings at once."""
    chance = random.Random(SEED)
    found: list[dict[str, Any]] = []
    while len(found) < NUM_RANDOM:
        num = chance.randint(2, 24)
        logits = [round(chance.gauss(0, 3), 3) for _ in range(num)]
        settings = {
            "temperature": chance.choice([0.2, 0.5, 0.8, 1.0, 1.7]),
            "top_k": chance.choice([0, 0, 1, 3, 8, 40]),
            "top_p": chance.choice([1.0, 1.0, 0.3, 0.71, 0.93]),
            "min_p": chance.choice([0.0, 0.0, 0.02, 0.11, 0.4]),
            "repetition_penalty": chance.choice([1.0, 1.0, 1.15, 2.0]),
            "frequency_penalty": chance.choice([0.0, 0.0, 0.4, -0.3]),
            "presence_penalty": chance.choice([0.0, 0.0, 0.6, -0.2]),
        }
        prompt = [chance.randrange(num) for _ in range(chance.randint(0, 6))]
        written = [chance.randrange(num) for _ in range(chance.randint(0, 8))]
        made = case(f"random {len(found) + 1}", logits, settings, prompt, written)
        if not is_on_a_border(made):
            found.append(made)
    return found


def case(
    name: str,
    logits: list[float],
    given: dict[str, Any],
    prompt: list[int] | None = None,
    written: list[int] | None = None,
) -> dict[str, Any]:
    """One case with the logits after each step and the probabilities at the end."""
    settings = GenerateSettings.model_validate(given)
    history = History.of(prompt or [], written or [])
    start = torch.tensor(logits, dtype=torch.float64)
    shared = sampling.probabilities(start, settings, history)
    return {
        "name": name,
        "logits": logits,
        "settings": {k: v for k, v in settings.to_json().items() if k not in OWN},
        "prompt": prompt or [],
        "written": written or [],
        "steps": steps(start, settings, history),
        "probabilities": shared.tolist(),
    }


def steps(logits: Tensor, settings: GenerateSettings, history: History) -> dict[str, Any]:
    """The logits after each step. At temperature 0 only the likeliest token is left after `temperature`."""
    found = {"penalties": sampling.penalize(logits, settings, history)}
    penalized = found["penalties"]
    if settings.temperature == 0:
        only = sampling.keep_top_k(penalized, 1)
        found |= dict.fromkeys(("temperature", "top_k", "top_p", "min_p"), only)
    else:
        found["temperature"] = sampling.apply_temperature(penalized, settings.temperature)
        found["top_k"] = sampling.keep_top_k(found["temperature"], settings.top_k)
        found["top_p"] = sampling.keep_top_p(found["top_k"], settings.top_p)
        found["min_p"] = sampling.keep_min_p(found["top_p"], settings.min_p)
    assert torch.equal(found["min_p"], sampling.shape_logits(logits, settings, history))
    return {name: as_json(value) for name, value in found.items()}


def as_json(logits: Tensor) -> list[float | None]:
    return [None if math.isinf(value) else value for value in logits.tolist()]


def is_on_a_border(made: dict[str, Any]) -> bool:
    """Whether another rounding could keep or drop a token: at the nucleus, at the floor, or among near ties."""
    settings, after = made["settings"], made["steps"]
    scaled = sorted((z for z in after["temperature"] if z is not None), reverse=True)
    if any(0 < a - b < MARGIN for a, b in pairwise(scaled)):
        return True
    kept = sorted((z for z in after["top_k"] if z is not None), reverse=True)
    raised = [math.exp(z - kept[0]) for z in kept]
    total, sums = sum(raised), [0.0]
    for x in raised:
        sums.append(sums[-1] + x / total)
    if settings["top_p"] < 1 and any(abs(s - settings["top_p"]) < MARGIN for s in sums):
        return True
    floor = kept[0] + math.log(settings["min_p"]) if settings["min_p"] else -math.inf
    return any(abs(z - floor) < MARGIN for z in kept)


def vectors() -> list[dict[str, Any]]:
    return chosen_cases() + random_cases()


def main() -> int:
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in vectors())
    VECTORS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{VECTORS} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
