"""The course of a flow: which of its nodes run. All of them, unless it is a sweep, which gives up on some on the way.

In: the frozen plan, and what the flow's own ledger and its children say. Out: for each node whether it is left out, and from
which saved state it goes on; at the end of each rung who is kept, written to the ledger before anything builds on it. So a
sweep that was killed anywhere goes on with the same choice. Unusual: a variant that fails by its own fault (it diverged, it
does not fit) loses; the others go on.
"""

from dataclasses import dataclass, field
from statistics import fmean

from glassworks.common.errors import GlassworksError
from glassworks.engine.attempt import choose_state
from glassworks.flow.graph import main_output
from glassworks.specs.events import ErrorSpec, RungClosed
from glassworks.specs.flow import PlannedNode, PlanSpec, SweepPlan, VariantPlan
from glassworks.specs.run import RunState
from glassworks.storage.runs import RunFolder
from glassworks.storage.store import Store

OWN_FAULTS = ("Diverged", "OutOfMemory", "InvalidSpec", "BadData")
"""Errors that running again would only repeat, and that say nothing about the other variants."""
EVERYBODYS = ("stage-version",)
"""Codes of these that every variant would meet."""


@dataclass
class Course:
    """Of one flow run while it is driven. Without a sweep it leaves nothing out."""

    store: Store
    run: RunFolder
    plan: PlanSpec
    lost: dict[int, ErrorSpec] = field(default_factory=dict)
    """Variants that failed by their own fault."""

    def __post_init__(self) -> None:
        sweep = self.plan.sweep
        self.alive = {variant.number for variant in sweep.variants} if sweep else set()
        self.closed = {event.rung: event for event in self.run.state().rungs}
        self.uses: dict[str, set[int]] = {}
        for variant in sweep.variants if sweep else ():
            for node in variant.nodes:
                self.uses.setdefault(node, set()).add(variant.number)

    def leaves_out(self, node: PlannedNode) -> bool:
        """Whether nobody who is still in needs this node. Closes the rungs before it."""
        if self.plan.sweep is None:
            return False
        self._close_before(self.plan.sweep, node.name)
        users = self.uses.get(node.name, set())
        if users and not users & self.alive:
            return True
        error = self._failed_before(node.name)
        if error is not None:
            self._lose(node.name, error)
        return error is not None

    def bound(self, node: PlannedNode) -> PlannedNode:
        """The node with the state that it goes on from, now that the one before it has run."""
        if node.goes_on_from is None:
            return node
        decision = self.run.state().nodes.get(node.goes_on_from)
        before = self.store.runs.get(decision.run) if decision else None
        state = choose_state(before) if before else None
        starts = f"{before.id}:{state.step}" if before and state else None
        return node.model_copy(update={"starts_from": starts, "goes_on_from": None})

    def goes_on_without(self, node: PlannedNode, error: ErrorSpec) -> bool:
        """Whether the flow goes on though this node failed; its variants are out then."""
        if self.plan.sweep is None or not is_own_fault(error):
            return False
        if len(self.uses.get(node.name, set())) == len(self.plan.sweep.variants):
            return False
        self._lose(node.name, error)
        return bool(self.alive)

    def output(self) -> tuple[str, str]:
        """(node, output) that is named: the recipe's, or the best variant's. Raises what kept every variant from ending."""
        sweep = self.plan.sweep
        if sweep is None:
            return main_output(self.plan.recipe)
        for number in range(1, len(sweep.rungs) + 1):
            self._close(sweep, number)
        best = self.closed[len(sweep.rungs)].kept
        variants = {variant.number: variant for variant in sweep.variants}
        node, _, output = variants[best[0]].output.partition(".")
        return node, output

    # --- rungs -------------------------------------------------------------------------------------------------------

    def _close_before(self, sweep: SweepPlan, name: str) -> None:
        """All rungs that stand before the one in which this node trains, or before what comes after the training."""
        for number in range(1, len(sweep.rungs)):
            later = {node for variant in sweep.variants for node in variant.trainings[number:]}
            if name in later:
                self._close(sweep, number)

    def _close(self, sweep: SweepPlan, number: int) -> None:
        if number not in self.closed:
            event = close_rung(sweep, number, self._values(sweep, number), self.alive)
            self.run.record(event)
            self.closed[number] = event
        if number < len(sweep.rungs):
            self.alive &= set(self.closed[number].kept)

    def _values(self, sweep: SweepPlan, number: int) -> dict[int, float]:
        decided = self.run.state().nodes
        found = {}
        for variant in sweep.variants:
            decision = decided.get(variant.trainings[number - 1])
            if variant.number not in self.alive or decision is None:
                continue
            value = measured(self.store.runs.get(decision.run).state(), sweep.metric)
            if value is not None:
                found[variant.number] = value
        return found

    def _failed_before(self, name: str) -> ErrorSpec | None:
        """Why this flow run already gave the node up."""
        decision = self.run.state().nodes.get(name)
        if decision is None or not self.uses.get(name):
            return None
        try:
            state = self.store.runs.get(decision.run).state()
        except GlassworksError:
            return None
        error = state.error if state.status == "failed" else None
        return error if error is not None and is_own_fault(error) else None

    def _lose(self, name: str, error: ErrorSpec) -> None:
        for number in self.uses.get(name, set()) & self.alive:
            self.lost[number] = error
        self.alive -= self.uses.get(name, set())


def is_own_fault(error: ErrorSpec) -> bool:
    """Whether a variant failed by what it is, so that the others may go on."""
    return error.type in OWN_FAULTS and error.code not in EVERYBODYS


def measured(state: RunState, metric: str) -> float | None:
    """The last value of a metric that a finished training recorded on held-out text."""
    if state.status != "done":
        return None
    for event in reversed(state.evaluations):
        if metric in event.values:
            return event.values[metric]
    return None


def close_rung(
    sweep: SweepPlan, number: int, values: dict[int, float], alive: set[int]
) -> RungClosed:
    """Who goes on. Pure: groups by the mean over their seeds, the best first; a tie goes to the lower number.

    Of the best group in the last rung the best seed stands first: its model gets the name.
    """
    rung = sweep.rungs[number - 1]
    sign = 1 if sweep.is_lower_better else -1
    groups: dict[int, list[VariantPlan]] = {}
    for variant in sweep.variants:
        if variant.number in values:
            groups.setdefault(variant.group, []).append(variant)
    means = {g: sign * fmean(values[v.number] for v in members) for g, members in groups.items()}
    best = sorted(means, key=lambda group: (means[group], group))[: rung.num_kept]
    kept = [v for group in best for v in groups[group]]
    if number == len(sweep.rungs):
        kept.sort(key=lambda variant: (sign * values[variant.number], variant.number))
    numbers = tuple(v.number for v in kept) or tuple(sorted(alive))
    return RungClosed(
        rung=number,
        steps=rung.steps,
        metric=sweep.metric,
        values={str(variant): value for variant, value in values.items()},
        kept=numbers,
        reason=_reason(sweep, number, len(groups), len(best)),
    )


def _reason(sweep: SweepPlan, number: int, num_groups: int, num_kept: int) -> str:
    if not num_groups:
        return f"nothing recorded {sweep.metric}, so nobody is given up"
    order = "lowest" if sweep.is_lower_better else "highest"
    if number == len(sweep.rungs):
        return f"the {order} {sweep.metric} of {num_groups}"
    return f"the {num_kept} with the {order} {sweep.metric} of {num_groups} go on"


__all__ = ["Course", "close_rung", "is_own_fault", "measured"]
