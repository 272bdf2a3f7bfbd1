"""Promised against taken, in words: what a training was expected to need, and what it came to.

In: the two events of its ledger. Out: one line each; what could not be known is said to be so.
"""

from collections.abc import Callable

from glassworks.cli import numbers
from glassworks.engine.follow import FlowFollower
from glassworks.specs.events import RunMeasured, RunPredicted


def expected(promise: RunPredicted) -> str:
    """`about 1:32 min (within 8.0 %, from 2 runs), 546 MB of memory, 46.1 MB of disk, first loss 7.625`."""
    words = [_time(promise)]
    if promise.asked_s is not None:
        words[0] += f" of the {numbers.duration(promise.asked_s)} that you gave"
    if promise.memory_bytes is not None:
        words.append(f"{numbers.size(promise.memory_bytes)} of memory")
    if promise.disk_bytes is not None:
        words.append(f"{numbers.size(promise.disk_bytes)} of disk")
    if promise.first_loss is not None:
        words.append(f"first loss {numbers.loss(promise.first_loss)}")
    if promise.final_loss is not None:
        words.append(f"last loss {numbers.loss(promise.final_loss)}")
    return ", ".join(words)


def compared(promise: RunPredicted, taken: RunMeasured) -> str:
    """`time 1:35 min (expected 1:32 min), memory 560 MB (546 MB), ...`."""
    words = [_pair("time", numbers.duration, taken.time_s, promise.time_s)]
    if promise.asked_s is not None:
        words[0] += f", {numbers.duration(promise.asked_s)} given"
    if taken.memory_bytes is not None:
        words.append(_pair("memory", numbers.size, taken.memory_bytes, promise.memory_bytes))
    if taken.disk_bytes is not None:
        words.append(_pair("disk", numbers.size, taken.disk_bytes, promise.disk_bytes))
    if taken.first_loss is not None:
        words.append(_pair("first loss", numbers.loss, taken.first_loss, promise.first_loss))
    if taken.final_loss is not None:
        words.append(_pair("last loss", numbers.loss, taken.final_loss, promise.final_loss))
    return ", ".join(words)


def compared_lines(follower: FlowFollower) -> list[str]:
    """A line for each training of a flow that this run made itself."""
    found = []
    for name, view in follower.nodes.items():
        state, decision = view.state, view.decision
        if state is None or decision is None or decision.action == "reuse":
            continue
        if state.prediction is not None and state.measured is not None:
            found.append(f"{name}: {compared(state.prediction, state.measured)}")
    return found


def _time(promise: RunPredicted) -> str:
    if promise.time_s is None:
        return "time not known yet"
    about = f"about {numbers.duration(promise.time_s)}"
    if promise.time_error is None:
        return f"{about} (from {numbers.plural(promise.based_on_runs, 'run')})"
    runs = numbers.plural(promise.based_on_runs, "run")
    return f"{about} (from {runs}, which it would have missed by {numbers.share(promise.time_error)} at most)"


def _pair(name: str, write: Callable[[float], str], taken: float, promise: float | None) -> str:
    before = "not known before" if promise is None else f"expected {write(promise)}"
    return f"{name} {write(taken)} ({before})"
