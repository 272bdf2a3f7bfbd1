"""Time instead of size: the model that a given time is worth.

In: seconds, the size of the vocabulary, how fast this machine trains a model of a given size, and optionally how many tokens
there are. Out: `TimedSetting`: the deepest model whose horizon fits into the time, and the sentences that say why. What
time is left over goes into more tokens; where the text is too short for that, into nothing: it is done sooner.
"""

from collections.abc import Callable

from glassworks.lm.model.dial import rules
from glassworks.lm.model.dial.settings import MAX_DEPTH, DialSetting, turn
from glassworks.specs.base import Spec

Duration = Callable[[DialSetting], float]
"""Seconds that a training takes here."""
FILLED = 0.98
NUM_TRIES = 4
SLACK = 0.1


class TimedSetting(Spec):
    setting: DialSetting
    time_s: float
    sentences: tuple[str, ...]


def fit(
    time_s: float, vocab_size: int, duration: Duration, tokens_available: int | None = None
) -> TimedSetting:
    """The dial's position for a time."""
    setting = _deepest(time_s, vocab_size, duration, tokens_available)
    filled = _fill(setting, time_s, vocab_size, duration, tokens_available)
    taken = duration(filled)
    return TimedSetting(
        setting=filled, time_s=taken, sentences=tuple(_sentences(filled, time_s, taken))
    )


def _deepest(
    time_s: float, vocab_size: int, duration: Duration, tokens_available: int | None
) -> DialSetting:
    """The last depth whose horizon fits and for which the text is enough; at least one layer."""
    found = turn(1, vocab_size, tokens_available)
    for depth in range(2, MAX_DEPTH + 1):
        deeper = turn(depth, vocab_size, tokens_available)
        is_enough = tokens_available is None or rules.capacity(deeper.multiplying, tokens_available)
        if duration(deeper) > time_s or not is_enough:
            break
        found = deeper
    return found


def _fill(
    setting: DialSetting,
    time_s: float,
    vocab_size: int,
    duration: Duration,
    tokens_available: int | None,
) -> DialSetting:
    """More tokens, or fewer where even one layer is too much, until the time is used."""
    found = setting
    for _ in range(NUM_TRIES):  # a larger batch changes the number of steps a little
        share = time_s * FILLED / duration(found)
        found = turn(setting.depth, vocab_size, tokens_available, max(1, int(found.tokens * share)))
    return found


def _sentences(setting: DialSetting, time_s: float, taken: float) -> list[str]:
    asked, minutes = rules.horizon(setting.multiplying), f"{time_s / 60:g} minutes"
    if setting.is_short_of_text:
        told = [
            f"{_layers(setting.depth)}: the deepest model for which {minutes} and the text are enough.",
            f"The text is short: {setting.tokens:,} tokens read it {setting.epochs:.1f} times, and that is enough.",
        ]
    elif setting.tokens < (1 - SLACK) * asked:
        told = [
            f"Even a model of one layer cannot read the {asked:,} tokens that are due in {minutes}."
        ]
    else:
        told = [
            f"{_layers(setting.depth)}: the deepest model that can read its {asked:,} tokens in {minutes} here."
        ]
        if setting.tokens > (1 + SLACK) * asked:
            told.append(f"The time left over goes into more text: {setting.tokens:,} tokens.")
    if taken < (1 - SLACK) * time_s:
        told.append(f"It is done sooner, in about {taken / 60:.1f} minutes.")
    return told


def _layers(depth: int) -> str:
    return "One layer" if depth == 1 else f"{depth} layers"
