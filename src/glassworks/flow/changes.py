"""What a plan sets differently from the recipe of the same name in the package: `train.steps 1200 → 400`.

In: a plan. Out: short texts, one a field. A recipe that is not in the package has nothing to be compared with.
"""

from typing import Any

from glassworks.common.errors import GlassworksError
from glassworks.flow.recipe import load_recipe, recipe_names
from glassworks.specs.flow import InlineDocument, NodeSpec, PlanSpec, SweepPlan


def changed_settings(plan: PlanSpec) -> tuple[str, ...]:
    """Each field that was set to something else, as `node.field old → new`, in the recipe's order."""
    if plan.sweep is not None:
        return _varied(plan.sweep)
    if plan.recipe.name not in recipe_names():
        return ()
    try:
        original = load_recipe(plan.recipe.name)
    except GlassworksError:
        return ()
    changes: list[str] = []
    for name, node in plan.recipe.nodes.items():
        before = _flat(original.nodes[name]) if name in original.nodes else {}
        after = _flat(node)
        for field in sorted(before.keys() | after.keys()):
            old, new = before.get(field), after.get(field)
            if old != new:
                changes.append(f"{name}.{field} {_text(old)} → {_text(new)}")
    return tuple(changes)


def _varied(sweep: SweepPlan) -> tuple[str, ...]:
    """Of a sweep: each varied field with how many values it has."""
    values = {
        field: {str(variant.settings[field]) for variant in sweep.variants}
        for field in sweep.fields
    }
    return tuple(f"{field} {len(each)} values" for field, each in values.items())


def _flat(node: NodeSpec) -> dict[str, Any]:
    """Dotted field -> value of a node's config and inline documents."""
    found = dict(_leaves("", node.config))
    for port, value in node.inputs.items():
        if isinstance(value, InlineDocument):
            found |= dict(_leaves(f"{port}.", value.inline))
    return found


def _leaves(prefix: str, value: dict[str, Any]) -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for key, inner in value.items():
        if isinstance(inner, dict):
            leaves += _leaves(f"{prefix}{key}.", inner)
        else:
            leaves.append((f"{prefix}{key}", inner))
    return leaves


def _text(value: Any) -> str:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return "default" if value is None else f"{value:,}" if is_count else str(value)
