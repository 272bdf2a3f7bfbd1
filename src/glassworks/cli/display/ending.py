"""The words at the end of a run: what it measures, what it writes, where it lies, what to try next.

In: the follower of a finished run. Out: lines on a console. Everything comes from the run's artifacts: whoever has an
`evaluation` is told by it, with its yardsticks, scores and samples, whatever the recipe is called.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from glassworks.cli import numbers
from glassworks.cli.display.frame import MAX_WIDTH
from glassworks.cli.display.promise import compared_lines
from glassworks.cli.display.sample import printable, wrapped
from glassworks.common.errors import GlassworksError
from glassworks.engine.evaluations import evaluations_of
from glassworks.engine.follow import FlowFollower
from glassworks.flow.graph import main_output
from glassworks.specs.item import KIND_OF_ARTIFACT

NUM_SAMPLES = 3
SAMPLE_LINES = 9
SAMPLE_INDENT = 7
SCORE_WIDTH = 14


@dataclass(frozen=True)
class Found:
    """Where the main output lies: its artifact, its kind, and its item reference where it has one."""

    artifact: str
    kind: str
    reference: str


def tell_done(console: Console, follower: FlowFollower) -> None:
    """All that there is to say of a finished run."""
    width = min(console.width, MAX_WIDTH)
    found = main_result(follower)
    console.print(Text(f"\n  {_how_it_went(follower)}"))
    for line in compared_lines(follower):
        console.print(Text(f"  {line}", style="quiet"), soft_wrap=True)
    for evaluation in evaluations_of(follower.store, follower.state.outputs):
        _print(console, loss_lines(evaluation, found.reference or follower.spec.name))
        _print(console, score_lines(evaluation))
        _print(console, sample_lines(evaluation, width))
    _print(console, place_lines(follower, found))
    _print(console, next_lines(follower, found))


def tell_stopped(console: Console, follower: FlowFollower) -> None:
    """Where it stopped and the command that goes on."""
    current = follower.current
    rows = current.rows if current is not None else []
    step = (
        f" at step {numbers.exact(rows[-1]['step'])} of {current.name}" if current and rows else ""
    )
    is_cut_off = follower.state.status in ("queued", "running", "stopping")
    word = "Cut off" if is_cut_off else "Stopped"
    console.print(Text(f"\n  {word}{step}. This goes on:"))
    console.print(
        Text(f"\n    glassworks resume {follower.run.id}\n", style="glass"), soft_wrap=True
    )


def main_result(follower: FlowFollower) -> Found:
    """The artifact that the recipe's main output became."""
    spec, state = follower.spec, follower.state
    if spec.plan is None:
        artifact = next(iter(state.outputs.values()), "")
    else:
        artifact = state.outputs.get(".".join(main_output(spec.plan.recipe)), "")
    if not artifact:
        return Found("", "", "")
    try:
        kind = follower.store.artifacts.manifest(artifact).kind
    except GlassworksError:
        return Found(artifact, "", "")
    item_kind = KIND_OF_ARTIFACT.get(kind)
    if item_kind is None or spec.plan is None:
        return Found(artifact, kind, "")
    for item in follower.store.items.find(spec.plan.output_name, spec.project):
        for version in reversed(item.versions):
            if item.kind == item_kind and version.artifact == artifact:
                return Found(artifact, kind, f"{item.name}@{version.number}")
    return Found(artifact, kind, "")


def loss_lines(evaluation: dict[str, Any], name: str) -> list[Text]:
    """The loss on held-out text as a table, the yardsticks below it."""
    measured = evaluation.get("loss")
    if not isinstance(measured, dict):
        return []
    rows = [(name, measured)]
    rows += [(y["label"], y["loss"]) for y in evaluation.get("yardsticks", [])]
    width = max(len(label) for label, _ in rows) + 2
    num_bytes = numbers.size(measured["num_bytes"])
    head = (
        Text()
        .append("  On text that it has never read", "title")
        .append(f"  {num_bytes}, lower is better", "quiet")
    )
    columns = Text(f"  {'':<{width}}{'nats/token':>15}{'bits/byte':>15}", style="quiet")
    lines = [Text(), head, Text(), columns]
    for row, (label, loss) in enumerate(rows):
        nats = numbers.loss_between(loss["nats_per_token"], loss.get("nats_interval"))
        bits = numbers.loss_between(loss["bits_per_byte"], loss.get("bits_interval"))
        figures = f"{nats:>15}{bits:>15}"
        lines.append(Text(f"  {label:<{width}}{figures}", style="title" if row == 0 else "none"))
    return lines


def score_lines(evaluation: dict[str, Any]) -> list[Text]:
    """Each score with the interval that holds the true one in 95 of 100 such draws."""
    scores, lines = evaluation.get("scores", []), []
    width = max([SCORE_WIDTH, *(len(score["kind"]) + 2 for score in scores)])
    for score in scores:
        name = score["kind"].replace("_", " ")
        interval = f"{numbers.share(score['low'])} to {numbers.share(score['high'])}"
        line = Text(f"  {name:<{width}}", style="none")
        line.append(numbers.share(score["value"]), "title")
        line.append(
            f"   {interval} (95 %), {numbers.plural(score['num_items'], 'question')}", "quiet"
        )
        lines.append(line)
    return [Text(), *lines] if lines else []


def sample_lines(evaluation: dict[str, Any], width: int) -> list[Text]:
    """The first samples, each a few lines."""
    samples = evaluation.get("samples", [])[:NUM_SAMPLES]
    if not samples:
        return []
    title = "What it writes"
    lines = [Text(), Text(f"  {title}", style="title")]
    for number, sample in enumerate(samples, start=1):
        prompt = sample.get("prompt", "")
        text = prompt + sample["text"]
        body = wrapped(text, width - SAMPLE_INDENT - 2, SAMPLE_LINES)
        rows = [Text(" " * SAMPLE_INDENT).append(line) for line in body]
        _mark_prompt(rows, prompt)
        lines += [Text(), *rows]
        rows[0].plain = f"    {number}".ljust(SAMPLE_INDENT) + rows[0].plain[SAMPLE_INDENT:]
    return lines


def place_lines(follower: FlowFollower, found: Found) -> list[Text]:
    """Where everything lies."""
    places = []
    if found.reference:
        places.append((KIND_OF_ARTIFACT.get(found.kind, found.kind), found.reference))
    elif found.artifact:
        places.append((found.kind, found.artifact[:12]))
    places.append(("run", f"{follower.run.id}  {_short(follower.run.path)}"))
    if found.artifact:
        places.append(("files", _short(follower.store.artifacts.path(found.artifact))))
    lines = [Text(), Text("  Where it lies", style="title"), Text()]
    width = max(len(name) for name, _ in places) + 1
    for name, place in places:
        lines.append(Text().append(f"    {name:<{width}}", "quiet").append(place))
    return lines


def next_lines(follower: FlowFollower, found: Found) -> list[Text]:
    """The recipe's own next steps, else what always works."""
    plan = follower.spec.plan
    steps = list(plan.recipe.next_steps) if plan else []
    if not steps and found.kind == "checkpoint":
        name = found.reference.partition("@")[0] or follower.run.id
        steps = [f'`glassworks generate {name} "Once"` lets it write']
    steps = steps or [f"`glassworks show {follower.run.id}` tells all about this run"]
    lines = [Text(), Text("  What to try next", style="title"), Text()]
    named = (_renamed(step, follower) for step in steps)
    return [*lines, *(Text("    ").append_text(with_commands(step)) for step in named), Text()]


def with_commands(text: str) -> Text:
    """Text whose commands stand out: `quoted` parts, or a line that is one."""
    line = Text(printable(text))
    line.highlight_regex("^glassworks .*|`[^`]*`", "glass")
    return line


def _renamed(step: str, follower: FlowFollower) -> str:
    """A recipe's commands speak of its own name; those that use the result need the name that it was given."""
    plan = follower.spec.plan
    if plan is None or plan.output_name == plan.recipe.name:
        return step
    own = re.escape(plan.recipe.name)
    command = rf"(glassworks (?:generate|continue|show|watch|resume|dataset [a-z]+|tokenizer [a-z]+) ){own}(?=[\s:@`]|$)"
    return re.sub(command, rf"\g<1>{plan.output_name}", step)


def _short(path: Path) -> str:
    """The path, from `~` on where it lies there."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _how_it_went(follower: FlowFollower) -> str:
    spec, state = follower.spec, follower.state
    is_all_reused = all(view.status == "reused" for view in follower.nodes.values())
    if is_all_reused and spec.kind == "flow":
        return f"{spec.name} is done: nothing had changed, so every stage was reused."
    time = f" in {numbers.duration(state.duration_s)}" if state.duration_s is not None else ""
    return f"{spec.name} is done{time}."


def _mark_prompt(lines: list[Text], prompt: str) -> None:
    """Tell the given words from the written ones."""
    rest = len(printable(prompt).strip("\n"))
    for line in lines:
        if rest <= 0:
            return
        num = len(line.plain) - SAMPLE_INDENT
        line.stylize("quiet", SAMPLE_INDENT, SAMPLE_INDENT + min(rest, num))
        rest -= num + 1


def _print(console: Console, lines: list[Text]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True)
