"""How long a run will still take: what runs now by its own rate, and the trainings that wait by the time that a step took here.

In: a plan, the states of its nodes. Out: seconds, or None where nothing honest can be said: before the rate is known, while a training
waits of which no step was seen, and in a sweep that gives up on variants, since who goes on is not known yet.
"""

from glassworks.common.clock import seconds_between, utc_now
from glassworks.specs.flow import PlannedNode
from glassworks.specs.run import RunSpec, RunState

WARM_UP_S = 2.0
"""Younger than this, a rate says nothing and no time left is told."""


def run_left_s(spec: RunSpec, states: dict[str, RunState]) -> float | None:
    """Of a flow with the `states` of the nodes that have begun; of a stage run alone there is no plan, see `phase_left_s`."""
    running = [name for name, state in states.items() if state.status in ("running", "stopping")]
    now = phase_left_s(states[running[-1]]) if running else None
    if now is None or spec.plan is None:
        return now
    waiting = [n for n in spec.plan.nodes if n.name not in states and _num_steps(n)]
    if not waiting:
        return now
    if spec.plan.sweep is not None and len(spec.plan.sweep.rungs) > 1:
        return None
    nodes = {node.name: node for node in spec.plan.nodes}
    spent = [_spent(nodes[name], state, now) for name, state in states.items() if name in nodes]
    num_steps = sum(steps for steps, _ in spent)
    if num_steps == 0:
        return None
    step_s = sum(seconds for _, seconds in spent) / num_steps
    return round(now + step_s * sum(map(_num_steps, waiting)), 1)


def phase_left_s(state: RunState) -> float | None:
    """Seconds left of the phase that runs, from its own rate; None before that says something."""
    progress, since = state.progress, state.progress_started_at
    if progress is None or since is None or state.status != "running":
        return None
    spent_s = seconds_between(since, progress.time)
    begun_at = state.attempts[-1].from_step if state.attempts and progress.unit == "steps" else 0
    done = (
        progress.done - begun_at
    )  # since this attempt began: what an earlier one did took its own time
    if spent_s < WARM_UP_S or progress.total <= 0 or done <= 0:
        return None
    age_s = seconds_between(progress.time, utc_now())
    return max(0.0, round(spent_s / done * (progress.total - progress.done) - age_s, 1))


def _spent(node: PlannedNode, state: RunState, left_s: float) -> tuple[int, float]:
    """Steps and seconds of a training that this run made or is making, as if it were done; zeros of anything else."""
    if not _num_steps(node) or state.status not in ("done", "running"):
        return 0, 0.0
    return _num_steps(node), state.spent_s + (left_s if state.status == "running" else 0.0)


def _num_steps(node: PlannedNode) -> int:
    """Of a training; 0 of another stage."""
    steps = node.config.get("steps")
    return steps if isinstance(steps, int) and "architecture" in node.inputs else 0
