"""Flows: stages wired together. A recipe is a flow in a YAML file with a few named settings."""

from typing import Any, Literal

from pydantic import Field

from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.base import Spec
from glassworks.specs.sweep import SweepSpec

RECIPE_FORMAT = 1


class InlineDocument(Spec):
    """An `architecture` (or `flow`) written inside the recipe; the engine publishes it as an artifact."""

    inline: dict[str, Any]


class NodeSpec(Spec):
    """One stage of a flow. An input is `node.output`, a reference (`tokenizer/mine@2`), or an inline document."""

    stage: str
    config: dict[str, Any] = {}
    inputs: dict[str, str | InlineDocument] = {}


class SettingSpec(Spec):
    """A named setting of a recipe: one field that people are expected to change."""

    field: str
    description: str


class RecipeSpec(Spec):
    """What a recipe file holds. `output` is the main output, `node.output`; `--name` names it.

    `about_fault`: what is wrong in a recipe that is broken on purpose, to be read afterwards; empty in every other one.
    """

    format: int = RECIPE_FORMAT
    name: str
    title: str
    description: str = ""
    output: str
    settings: dict[str, SettingSpec] = {}
    next_steps: tuple[str, ...] = ()
    about_fault: str = ""
    sweep: SweepSpec | None = None
    """Varied settings: the recipe is run once for each variant, what they share only once."""
    nodes: dict[str, NodeSpec] = Field(min_length=1)


class PlannedInput(Spec):
    """Where a node's input comes from: another node's output, or an artifact that exists already."""

    kind: ArtifactKind
    node: str | None = None
    output: str | None = None
    artifact: str | None = None


class PlannedNode(Spec):
    """A node with everything resolved that can be known before running: no `auto` is left."""

    name: str
    stage: str
    version: int
    config: dict[str, Any]
    hashed_config: dict[str, Any]
    inputs: dict[str, PlannedInput]
    outputs: dict[str, ArtifactKind]
    libraries: dict[str, str] = {}
    resources: dict[str, Any] = {}
    starts_from: str | None = None
    """Run whose last state this node goes on from (`glassworks continue`)."""
    goes_on_from: str | None = None
    """Node of the same plan whose last state this one goes on from; known once that one has run."""


class VariantPlan(Spec):
    """One variant of a sweep: its settings, the nodes that it needs, and its training in each rung."""

    number: int
    settings: dict[str, Any]
    group: int
    """Equal for variants that differ in nothing but a seed."""
    nodes: tuple[str, ...]
    trainings: tuple[str, ...]
    output: str


class RungPlan(Spec):
    """`num_kept` groups of settings go on to the next rung; in the last rung the best one is named."""

    steps: int | None
    num_kept: int


class SweepPlan(Spec):
    """The frozen plan of a sweep: every node that may run is in the plan; which of them do is decided rung by rung."""

    base: RecipeSpec
    fields: tuple[str, ...]
    metric: str
    is_lower_better: bool
    variants: tuple[VariantPlan, ...]
    rungs: tuple[RungPlan, ...]


class PlanSpec(Spec):
    """The frozen plan of a flow run: nodes in an order in which they can run."""

    recipe: RecipeSpec
    output_name: str
    nodes: tuple[PlannedNode, ...]
    is_fresh: bool = False
    sweep: SweepPlan | None = None


NodeAction = Literal["run", "resume", "reuse"]
