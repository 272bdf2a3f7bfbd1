"""The start card: what a training will need, before it runs, as lines for people.

In: the estimate of one node. Out: (what, how much) rows in the order in which a person asks, and sentences about what does not fit.
"""

from typing import Any

from glassworks.cli import numbers

NOT_KNOWN = "not known yet"
Json = dict[str, Any]


def rows(found: Json) -> list[tuple[str, str]]:
    """Figures with their units; what cannot be known yet is said to be so."""
    model = [("model", f"{numbers.exact(found['parameters'])} parameters")]
    if "steps" not in found:
        return [*model, ("work", f"{numbers.flops(found['flops_per_token'])} a token")]
    return [
        ("time", time(found)),
        *model,
        ("reading", reading(found)),
        ("work", numbers.flops(found["training_flops"])),
        ("memory", memory(found)),
        ("disk", disk(found)),
        ("first loss", _loss(found, "first_loss")),
        ("last loss", _loss(found, "predicted_final_loss")),
    ]


def time(found: Json) -> str:
    """`about 1:32 min, from 2 runs here (within 8.0 %)`; without history the least that the machine allows."""
    if found["time_s"] is None:
        least = found["least_time_s"]
        floor = "" if least is None else f"; at full speed {numbers.duration(least)}"
        return f"{NOT_KNOWN}: nothing of this size was trained here to the end{floor}"
    runs = numbers.plural(found["based_on_runs"], "run")
    error = found["time_error"]
    within = (
        "" if error is None else f", which it would have missed by {numbers.share(error)} at most"
    )
    return f"about {numbers.duration(found['time_s'])}, from {runs} here{within}"


def reading(found: Json) -> str:
    """`2,457,600 tokens in 1,200 steps, 1.9 times the text`."""
    words = f"{numbers.exact(found['num_tokens'])} tokens in {numbers.exact(found['steps'])} steps"
    epochs = found.get("epochs")
    return words if epochs is None else f"{words}, {epochs:.1f} times the text"


def memory(found: Json) -> str:
    """`850 MB: program 700 MB, activations 114 MB, ...`; on an accelerator the program lies in other memory."""
    split, program = found["memory_bytes"], found["program_bytes"]
    beside = [f"program {numbers.size(program)}"] if program else []
    parts = [f"{name} {numbers.size(size)}" for name, size in split.items() if name != "total"]
    return f"{numbers.size(split['total'] + program)}: {', '.join([*beside, *parts])}"


def disk(found: Json) -> str:
    """`46.1 MB: 6 checkpoints 31.5 MB, states 14.7 MB`."""
    split = found["disk_bytes"]
    checkpoints = numbers.plural(found["num_checkpoints"], "checkpoint")
    return (
        f"{numbers.size(split['total'])}: {checkpoints} {numbers.size(split['checkpoints'])}, "
        f"states {numbers.size(split['states'])}"
    )


def warnings(found: Json) -> list[str]:
    """What does not fit here, with the nearest that does."""
    return [f"{one['message']} {one['hint']}" for one in found.get("shortages", ())]


def _loss(found: Json, name: str) -> str:
    value = found.get(name)
    if value is None:
        return found.get(f"{name}_reason") or NOT_KNOWN
    between = found.get(f"{name}_range")
    words = f"about {numbers.loss(value)}"
    if between:
        words += f", between {numbers.loss(between[0])} and {numbers.loss(between[1])}"
    return words
