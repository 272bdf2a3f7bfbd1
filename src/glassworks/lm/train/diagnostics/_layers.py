"""The worst layer of a measurement, for rules that speak when it was bad several times in a row: one measurement sees few tokens."""

from collections.abc import Callable

from glassworks.lm.train.diagnostics.base import CALM, Fact, Layers, Memory, Verdict

NUM_IN_A_ROW = 2
Choose = Callable[[list[float]], float]


def watch_worst(
    memory: Memory,
    fact: Fact,
    metric: str,
    worst_of: Choose,
    is_bad: Callable[[float], bool],
    speak: Callable[[int, float], Verdict],
) -> tuple[Memory, Verdict]:
    """`speak(layer, value)` (layers from 1) once the worst layer was bad `NUM_IN_A_ROW` times."""
    values = fact.values.get(metric, ()) if isinstance(fact, Layers) else ()
    found = [value for value in values if value is not None]
    if not found:
        return memory, None
    worst = worst_of(found)
    if not is_bad(worst):
        return {"in_a_row": 0}, CALM
    kept = {"in_a_row": memory.get("in_a_row", 0) + 1}
    if kept["in_a_row"] < NUM_IN_A_ROW:
        return kept, None
    return kept, speak(values.index(worst) + 1, worst)
