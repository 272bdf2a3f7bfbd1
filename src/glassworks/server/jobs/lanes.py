"""Two lanes, so that short work does not wait behind long: one for runs that compute with a model, one for all others.

In: a run's plan. Out: its lane. A run belongs to `model` when one of its stages needs torch: it takes all cores (or the
device) for minutes to days. Importing, cleaning, splitting, learning a tokenizer take seconds and little memory, and what a
person has just dropped is looked at now. Each lane drives one run at a time; two runs that want the same result make it once
(`engine/drive.py` waits for the other).
"""

from collections.abc import Mapping
from typing import Literal

from glassworks.specs.run import RunSpec
from glassworks.specs.stage import StageSpec

Lane = Literal["model", "text"]
MODEL_LIBRARY = "torch"


def lane_of(spec: RunSpec, stages: Mapping[str, StageSpec]) -> Lane:
    """The lane in which a flow run waits; one without a plan is taken for a long one."""
    nodes = spec.plan.nodes if spec.plan is not None else ()
    known = [stages[node.stage].libraries for node in nodes if node.stage in stages]
    is_text = bool(known) and len(known) == len(nodes)
    return "text" if is_text and not any(MODEL_LIBRARY in them for them in known) else "model"
