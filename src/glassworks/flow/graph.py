"""The wiring of a flow: checked against the catalogue, and put in an order in which it can run."""

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from glassworks.common.errors import InvalidSpec
from glassworks.common.ids import is_name
from glassworks.specs.flow import InlineDocument, NodeSpec, RecipeSpec
from glassworks.specs.stage import PortSpec, StageSpec

Stages = dict[str, StageSpec]


@dataclass(frozen=True)
class Source:
    """Where an input comes from: exactly one of the three."""

    node_output: tuple[str, str] | None = None
    document: InlineDocument | None = None
    reference: str | None = None


def source_of(recipe: RecipeSpec, value: str | InlineDocument) -> Source:
    """Read an input's value: `node.output` when it begins with a node's name, else a reference."""
    if isinstance(value, InlineDocument):
        return Source(document=value)
    node, dot, output = value.partition(".")
    if dot and node in recipe.nodes:
        return Source(node_output=(node, output))
    return Source(reference=value)


def check_flow(recipe: RecipeSpec, stages: Stages) -> list[str]:
    """Check every node, port and connection; returns the node names in an order in which they can run.

    Raises InvalidSpec that names the node, what is wrong and what would be right.
    """
    for name, node in recipe.nodes.items():
        _check_name(name)
        _check_node(recipe, name, node, stages)
    _check_output(recipe, stages)
    _check_setting_fields(recipe)
    return _order(recipe)


def main_output(recipe: RecipeSpec) -> tuple[str, str]:
    """(node, output) that `--name` names."""
    node, _, output = recipe.output.partition(".")
    return node, output


def _check_name(name: str) -> None:
    if not is_name(name) or "." in name:
        raise InvalidSpec(
            "bad-name",
            f"{name!r} cannot be a node's name.",
            "Use lower-case letters, digits, '_' and '-', at most 63 characters.",
            name,
        )


def _check_node(recipe: RecipeSpec, name: str, node: NodeSpec, stages: Stages) -> None:
    stage = stages.get(node.stage)
    if stage is None:
        raise InvalidSpec(
            "unknown-stage",
            f"{name}: there is no stage {node.stage!r}.",
            f"Stages: {', '.join(sorted(stages))}.",
            name,
        )
    for port, value in node.inputs.items():
        if port not in stage.inputs:
            raise InvalidSpec(
                "unknown-port",
                f"{name}: {node.stage} has no input {port!r}.",
                f"Its inputs: {', '.join(stage.inputs) or 'none'}.",
                f"{name}.{port}",
            )
        _check_connection(recipe, f"{name}.{port}", value, stage.inputs[port], stages)
    for port, spec in stage.inputs.items():
        if not spec.is_optional and port not in node.inputs:
            raise InvalidSpec(
                "missing-input",
                f"{name}: the input {port!r} ({spec.kind}) is not connected.",
                f"Connect it to the output of a node that makes a {spec.kind}.",
                f"{name}.{port}",
            )


def _check_connection(
    recipe: RecipeSpec, where: str, value: str | InlineDocument, wanted: PortSpec, stages: Stages
) -> None:
    source = source_of(recipe, value)
    if source.document is not None and wanted.kind not in ("architecture", "flow"):
        raise InvalidSpec(
            "bad-inline",
            f"{where}: a {wanted.kind} cannot be written inside a recipe.",
            "Only an architecture can; connect a node instead.",
            where,
        )
    if source.node_output is None:
        return
    node, output = source.node_output
    made = _outputs(recipe, node, stages).get(output)
    if made is None:
        raise InvalidSpec(
            "unknown-port",
            f"{where}: {node} has no output {output!r}.",
            f"Its outputs: {', '.join(_outputs(recipe, node, stages))}.",
            where,
        )
    if made.kind != wanted.kind:
        raise InvalidSpec(
            "wrong-kind",
            f"{where} takes a {wanted.kind}, but {node}.{output} is a {made.kind}.",
            f"Connect something that makes a {wanted.kind}.",
            where,
        )


def _check_output(recipe: RecipeSpec, stages: Stages) -> None:
    node, output = main_output(recipe)
    if node not in recipe.nodes or output not in _outputs(recipe, node, stages):
        raise InvalidSpec(
            "unknown-port",
            f"The recipe's output {recipe.output!r} is made by no node.",
            "Write it as node.output.",
            "output",
        )


def _check_setting_fields(recipe: RecipeSpec) -> None:
    for name, setting in recipe.settings.items():
        if setting.field.split(".")[0] not in recipe.nodes:
            raise InvalidSpec(
                "unknown-setting",
                f"The setting {name!r} points to {setting.field!r}, which is no node's field.",
                f"Nodes: {', '.join(recipe.nodes)}.",
                f"settings.{name}",
            )


def _outputs(recipe: RecipeSpec, node: str, stages: Stages) -> dict[str, PortSpec]:
    stage = stages.get(recipe.nodes[node].stage)
    return stage.outputs if stage else {}


def _order(recipe: RecipeSpec) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, node in recipe.nodes.items():
        sources = (source_of(recipe, value).node_output for value in node.inputs.values())
        sorter.add(name, *(source[0] for source in sources if source))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise InvalidSpec(
            "circle", f"The nodes go in a circle: {circle}.", "Take one connection away."
        ) from error
