"""One picture of a run: title, stages, progress, the training curve and the latest sample.

In: a `FlowFollower`, the width and the height there are, a note for the last line. Out: lines of rich text, never more
than `height` and none wider than `width`. What matters most is laid out first; the curve and the sample take what room
is left.
"""

import re
from dataclasses import dataclass

from rich.text import Text

from glassworks.cli import numbers
from glassworks.cli.display import summary
from glassworks.cli.display.curve import draw_curve
from glassworks.cli.display.sample import one_line, wrapped
from glassworks.engine.follow import FlowFollower, NodeView

LIVE = ("running", "stopping")
MIN_CURVE, MAX_CURVE = 4, 9
CURVE_EXTRA = 4
"""Lines of a curve beside the plot: a blank one, the title, the axis and its numbers."""
MAX_SAMPLE = 8
MAX_WIDTH = 120
NAME_COLUMN = 13
MAX_REMARKS = 2


@dataclass(frozen=True)
class Room:
    """Columns and rows that a picture may fill."""

    width: int
    height: int

    @property
    def text_width(self) -> int:
        return min(self.width, MAX_WIDTH) - 2

    @property
    def is_narrow(self) -> bool:
        return self.width < 80


def draw(follower: FlowFollower, room: Room, note: str = "", is_ended: bool = False) -> list[Text]:
    """The run as it is now; an ended one (`is_ended`) is told by its stages alone."""
    head = title_lines(follower, room)
    stages = stage_lines(follower, room)
    current = follower.current
    work: list[Text] = []
    if current is not None and not is_ended:
        work = progress_lines(current, room)
    last = [Text(), Text(f"  {note}", style="quiet")] if note else []
    free = room.height - len(head) - len(stages) - len(work) - len(last)
    if free < 0:
        stages = folded(follower, room, max(len(stages) + free, 1))
    more = learning_lines(current, room, free) if current is not None and not is_ended else []
    lines = [*head, *stages, *work, *more, *last]
    for line in lines:
        line.truncate(room.width, overflow="ellipsis")
    return lines[: room.height]


def title_lines(follower: FlowFollower, room: Room) -> list[Text]:
    """What is built, and the run's id."""
    spec = follower.spec
    title = spec.plan.recipe.title if spec.plan else spec.name
    line = Text().append(f"  {title}", "title")
    place = f"run {spec.id}"
    _end_with(line, place, "quiet", room)
    return [Text(), line, Text()]


def stage_lines(follower: FlowFollower, room: Room, has_reasons: bool = True) -> list[Text]:
    """One line a stage, and one below it where there is something to say about why it runs."""
    names = max((len(name) for name in follower.nodes), default=0)
    lines = []
    for view in follower.nodes.values():
        lines.append(_stage_line(view, follower, names, room))
        reason = summary.reason_of(view) if has_reasons and view.status != "reused" else ""
        if reason and not summary.is_consequence(view):
            lines.append(Text(" " * NAME_COLUMN + reason, style="quiet"))
        remarks = summary.remarks_of(view)[-MAX_REMARKS:] if has_reasons else []
        lines += [Text(f"{' ' * (NAME_COLUMN - 2)}! {remark}", style="warn") for remark in remarks]
    return lines


def progress_lines(view: NodeView, room: Room) -> list[Text]:
    """The bar of what runs now, hot at its end."""
    state = view.state
    if state is None or view.status not in LIVE:
        return []
    if state.progress is None:
        return [Text(), Text("  starting", style="quiet")]
    done, total = _done(view), max(state.progress.total, 1)
    left = summary.time_left(view)
    words = f"{state.progress.phase}  {numbers.exact(done)} of {numbers.exact(total)} {state.progress.unit}"
    words += f"  {numbers.duration(left)} left" if left is not None else ""
    return [Text(), bar_line(words, done / total, room)]


def bar_line(words: str, share: float, room: Room) -> Text:
    """A bar, hot at its end, and words behind it."""
    width = max(room.text_width - len(words) - 6, 8)
    filled = min(round(width * share), width)
    bar = Text("  ").append("━" * max(filled - 1, 0)).append("━" * min(filled, 1), "molten.strong")
    bar.append("─" * (width - filled), style="quiet")
    return bar.append(f"  {words}")


def learning_lines(view: NodeView, room: Room, free: int) -> list[Text]:
    """Figures, curve and sample of a training run, as far as there is room."""
    figures = figure_lines(view, room)
    if not figures or free < len(figures):
        return []
    free -= len(figures)
    height = min(max(free - CURVE_EXTRA - 4, MIN_CURVE), MAX_CURVE)
    curve: list[Text] = []
    if free >= MIN_CURVE + CURVE_EXTRA:
        curve = curve_lines(view, room, min(height, free - CURVE_EXTRA))
    return [*figures, *curve, *sample_lines(view, room, free - len(curve))]


def figure_lines(view: NodeView, room: Room) -> list[Text]:
    """Loss, validation, speed and utilization as they are now; what does not fit on the line is left out."""
    state, rows = view.state, view.rows
    loss = summary.mean_of_last(rows, "loss")
    if state is None or loss is None:
        return []
    strong = "molten.strong" if view.status in LIVE else "title"
    parts = [
        Text()
        .append("loss ", "quiet")
        .append(numbers.loss(loss), strong)
        .append(" nats/token", "quiet")
    ]
    validation = summary.last_validation(state)
    if validation is not None:
        number, _, unit = validation[1].partition(" ")
        parts.append(
            Text().append("validation ", "quiet").append(number).append(f" {unit}", "quiet")
        )
    speed = summary.mean_of_last(rows, "tokens_per_s")
    if speed is not None:
        parts.append(Text(numbers.count(speed)).append(" tok/s", "quiet"))
    utilization = summary.mean_of_last(rows, "utilization")
    if utilization is not None:
        parts.append(Text(numbers.share(utilization)).append(" of ceiling", "quiet"))
    line = Text("  ").append_text(parts[0])
    for part in parts[1:]:
        if line.cell_len + 4 + part.cell_len <= room.text_width:
            line.append("    ").append_text(part)
    return [Text(), line]


def curve_lines(view: NodeView, room: Room, height: int) -> list[Text]:
    """Training loss over the whole planned run, validation as hollow points."""
    state = view.state
    points = [(row["step"], row["loss"]) for row in view.rows if "loss" in row]
    if state is None or len(points) < 2:
        return []
    hollow = [
        (e.step, e.values["validation_loss"])
        for e in state.evaluations
        if e.step > 0 and "validation_loss" in e.values
    ]
    last_step = state.progress.total if state.progress else points[-1][0]
    title = (
        Text()
        .append("  Loss", "title")
        .append("  nats/token" + (", ○ validation" if hollow else ""), "quiet")
    )
    plot = draw_curve(points, last_step, room.text_width - 2, height, view.status in LIVE, hollow)
    return [Text(), title, *(Text("  ").append_text(line) for line in plot)]


def sample_lines(view: NodeView, room: Room, free: int) -> list[Text]:
    """The latest sample and the step that it comes from."""
    state = view.state
    if state is None or not state.samples or free < 4:
        return []
    sample = state.samples[-1]
    head = (
        Text().append("  Sample", "title").append(f"  step {numbers.exact(sample.step)}", "quiet")
    )
    if sample.prompt:
        head.append(f', after "{one_line(sample.prompt, 40)}"', "quiet")
    dense = re.sub(r"\n\s*\n", "\n", sample.text)  # few lines, so none of them empty
    body = wrapped(dense, room.text_width - 4, min(free - 3, MAX_SAMPLE))
    return [Text(), head, *(Text(f"    {line}") for line in body)]


def folded(follower: FlowFollower, room: Room, num: int) -> list[Text]:
    """At most `num` lines for the stages: no reasons, and only those around the one that runs."""
    if num < 1:
        return []
    lines = stage_lines(follower, room, has_reasons=False)
    if len(lines) <= num:
        return lines
    views = list(follower.nodes.values())
    current = follower.current
    at = views.index(current) if current is not None else 0
    first = max(min(at - (num - 1) // 2, len(lines) - num + 1), 0)
    hidden = len(lines) - num + 1
    more = Text(f"  … {numbers.plural(hidden, 'more stage')}", style="quiet")
    return [*lines[first : first + num - 1], more] if num > 1 else [lines[at]]


def _stage_line(view: NodeView, follower: FlowFollower, names: int, room: Room) -> Text:
    status = view.status
    mark, style = summary.MARKS.get(status, ("○", "quiet"))
    word = summary.WORDS.get(status, status)
    is_live = status in LIVE
    line = Text("  ").append(f"{mark} {word:<9}", style=style)
    line.append(
        f"{view.name:<{names}}", "title" if is_live else style if status == "waiting" else ""
    )
    line.append("   ").append(summary.fact_of(view, follower.store.artifacts))
    right = _right(view, room)
    _end_with(line, right, "glass" if status == "reused" else "quiet", room)
    return line


def _end_with(line: Text, right: str, style: str, room: Room) -> None:
    """Put `right` at the right edge; what stands before it gives way."""
    free = max(room.text_width - len(right) - 2, 0)
    if line.cell_len > free:
        line.truncate(free, overflow="ellipsis")
    line.pad_right(room.text_width - len(right) - line.cell_len)
    line.append(right, style)


def _right(view: NodeView, room: Room) -> str:
    if view.status == "reused" and view.decision is not None:
        return view.decision.run if room.is_narrow else f"from run {view.decision.run}"
    seconds = summary.time_of(view)
    return numbers.duration(seconds) if seconds is not None else ""


def _done(view: NodeView) -> float:
    """Progress is told now and then; the step rows know better."""
    state = view.state
    if state is None or state.progress is None:
        return 0
    done = float(state.progress.done)
    if state.progress.unit == "steps" and view.rows:
        return min(max(done, view.rows[-1]["step"]), state.progress.total)
    return done
