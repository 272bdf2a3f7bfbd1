"""What a finding says at a run's end: what happened, why, and the command that runs it with the change.

In: the follower of a run. Out: lines for a console, and the command alone for whoever reads facts.
"""

import json
from typing import Any

from rich.console import Console
from rich.text import Text

from glassworks.engine.follow import FlowFollower, NodeView
from glassworks.flow.recipe import recipe_names
from glassworks.specs.events import FindingRaised

ANY_RECIPE = "RECIPE"
MAX_SHOWN = 4


def remedy_command(finding: FindingRaised, node: str, recipe: str | None) -> str:
    """`glassworks run ... --set node.field=value`; empty where nothing that can be set would help."""
    if finding.remedy is None or not finding.remedy.settings:
        return ""
    name = recipe if recipe in recipe_names() else ANY_RECIPE
    settings = [f"--set {node}.{f}={_value(v)}" for f, v in finding.remedy.settings.items()]
    return " ".join([f"glassworks run {name}", *settings])


def recipe_of(follower: FlowFollower) -> str | None:
    plan = follower.spec.plan
    return None if plan is None else plan.recipe.name


def tell_findings(console: Console, follower: FlowFollower) -> None:
    """Print the findings of a run with what to do about them; commands stay on one line, to be copied."""
    for line in finding_lines(follower):
        console.print(line, soft_wrap=True)


def finding_lines(follower: FlowFollower) -> list[Text]:
    """The findings of a run that name a cause, the newest last; nothing for a run that has none."""
    found = [
        (view, finding)
        for view in follower.nodes.values()
        if view.status != "reused" and view.state is not None
        for finding in view.state.findings
        if finding.cause
    ][-MAX_SHOWN:]
    return [line for view, one in found for line in _lines(view, one, recipe_of(follower))]


def _lines(view: NodeView, finding: FindingRaised, recipe: str | None) -> list[Text]:
    lines = [
        Text(),
        Text(f"  {finding.code}: ", style="warn").append(finding.message, "none"),
        Text(f"    {finding.cause}"),
    ]
    if finding.remedy is not None:
        lines.append(Text(f"    {finding.remedy.text}"))
    if command := remedy_command(finding, view.name, recipe):
        lines.append(Text(f"    {command}", style="glass"))
    return lines


def _value(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
