"""What the playground does: resolve a reference to an exact checkpoint, lease its process, pass on what it says.

A generation has begun, and all that can be wrong with it has been said as an error, before the first line of its answer goes
out; what goes wrong later is its last line. Closing the lines cancels the generation.
"""

import base64
import contextlib
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from glassworks.common.errors import GlassworksError
from glassworks.engine.model import tokenizer_of
from glassworks.engine.references import Resolved, resolve_artifact
from glassworks.engine.serve_client import ServeClient
from glassworks.server.features.playground.leases import LeaseBook, Pace
from glassworks.server.features.playground.pool import ModelPool
from glassworks.server.features.playground.schemas import (
    DoneFrame,
    ErrorFrame,
    GenerateAsk,
    LeaseView,
    NextView,
    PromptAsk,
    SourceView,
    StartedFrame,
    TokenFrame,
    TokensAsk,
    TokensView,
)
from glassworks.server.http.context import Context
from glassworks.server.http.problems import problem_view
from glassworks.specs.base import Spec
from glassworks.storage.atomic import read_json
from glassworks.storage.follow import Stamped


@dataclass(frozen=True)
class Chosen:
    """A reference made exact, with what loading it needs. `group` is shared by the checkpoints of one run."""

    source: SourceView
    tokenizer: str
    size_bytes: int
    group: str


def choose(context: Context, ref: str, project: str) -> Chosen:
    """The exact checkpoint behind `ref` at this moment. Raises NotFound, Conflict, InvalidSpec."""
    store = context.workshop.store
    found = resolve_artifact(store, ref, "checkpoint", project)
    manifest = store.artifacts.manifest(found.artifact)
    about = read_json(store.artifacts.path(found.artifact) / "checkpoint.json")
    run, name, run_step = _run_of(context, found)
    step = int(about.get("step", 0))
    if run_step is not None:  # what the hub has read may be a moment older than what was saved
        run_step = max(run_step, step)
    is_version = found.label.startswith("model/")
    label = (
        found.label.removeprefix("model/") if is_version or not name else f"{name}, step {step:,}"
    )
    source = SourceView(
        ref=ref, label=label, checkpoint=found.artifact, run=run, step=step, run_step=run_step
    )
    return Chosen(source, tokenizer_of(store, found), manifest.size_bytes, found.run or "")


@contextlib.contextmanager
def asking(context: Context, chosen: Chosen) -> Iterator[ServeClient]:
    """The loaded model's client; the time that this takes is kept as a span."""
    book = context.keep(LeaseBook, LeaseBook())
    with (
        book.span(chosen.source),
        pool(context).lease(
            chosen.source.checkpoint, chosen.tokenizer, chosen.size_bytes, chosen.group
        ) as client,
    ):
        yield client


def pool(context: Context) -> ModelPool:
    """The server's pool, opened on first use."""
    with _OPENING:
        found = context.kept(ModelPool)
        return found or context.keep(ModelPool, ModelPool(context.workshop.store.root))


_OPENING = threading.Lock()


def warm(context: Context, ref: str, project: str) -> None:
    """Load a model that will be asked soon, in the background. Raises what `choose` raises."""
    chosen = choose(context, ref, project)

    def load() -> None:
        with contextlib.suppress(GlassworksError), asking(context, chosen):
            pass

    threading.Thread(target=load, name="warm-model", daemon=True).start()


@dataclass(frozen=True)
class Begun:
    """An answer that has begun: its first line, and the further ones, whose `close` cancels it."""

    first: str
    more: Generator[str, None, None]


def begin(context: Context, ask: GenerateAsk, request_id: str) -> Begun:
    """Begin an answer. Raises whatever keeps it from beginning."""
    lines = _lines(context, ask, request_id)
    return Begun(next(lines), lines)


def _lines(context: Context, ask: GenerateAsk, request_id: str) -> Generator[str, None, None]:
    chosen = choose(context, ask.ref, ask.project)
    fields = {
        **ask.fields(),
        "settings": ask.settings.given(),
        "alternatives": ask.alternatives,
    }
    with asking(context, chosen) as client:
        pieces = client.stream(fields)
        with contextlib.closing(pieces):
            yield _line(_started(chosen, next(pieces)))
            try:
                done = yield from _token_lines(pieces)
            except GlassworksError as error:
                yield _line(ErrorFrame(problem=problem_view(error, request_id)))
                return
    yield _line(
        DoneFrame.model_validate({k: v for k, v in done.items() if k in DoneFrame.model_fields})
    )


def _started(chosen: Chosen, piece: dict[str, Any]) -> StartedFrame:
    return StartedFrame(
        model=chosen.source,
        prompt_ids=piece["prompt_ids"],
        prompt_pieces=piece["prompt_pieces"],
    )


def _token_lines(
    pieces: Generator[dict[str, Any], None, dict[str, Any]],
) -> Generator[str, None, dict[str, Any]]:
    """A line a token, those of a piece together; returns the figures of the whole."""
    while True:
        try:
            piece = next(pieces)
        except StopIteration as over:
            done: dict[str, Any] = over.value
            return done
        lines = [_line(TokenFrame.model_validate(token)) for token in piece["tokens"]]
        if lines:
            yield "".join(lines)


def next_token(context: Context, ask: PromptAsk) -> NextView:
    """The logits of what comes next, with the spelling of the likeliest tokens."""
    chosen = choose(context, ask.ref, ask.project)
    with asking(context, chosen) as client:
        about, logits = client.next_logits(ask.fields())
    return NextView(
        model=chosen.source,
        prompt_ids=about["prompt_ids"],
        prompt_pieces=about["prompt_pieces"],
        vocab_size=about["vocab_size"],
        logits=base64.b64encode(logits).decode(),
        pieces=about["pieces"],
    )


def cut_text(context: Context, ask: TokensAsk) -> TokensView:
    """A text's tokens, each with the model's surprise."""
    with asking(context, choose(context, ask.ref, ask.project)) as client:
        scored = client.score(ask.text)
    return TokensView(ids=scored["ids"], pieces=scored["pieces"], nats=scored["nats"])


def _run_of(context: Context, found: Resolved) -> tuple[str | None, str, int | None]:
    """The flow run that a checkpoint is of, its name, and the step that it has reached by now."""
    if found.run is None:
        return None, "", None
    try:
        spec = context.workshop.store.runs.get(found.run).spec()
        view = context.hub.view(context.hub.flow(spec.flow_run or spec.id))
    except GlassworksError:  # the run was deleted, the model stayed
        return None, "", None
    return view.id, view.name, view.step


def _line(frame: Spec) -> str:
    return frame.model_dump_json() + "\n"


def leases_beside(context: Context, run: str) -> tuple[LeaseView, ...]:
    """When models were asked while this run trained. Raises NotFound for an unknown run."""
    spec = context.workshop.store.runs.get(run).spec()
    flow = context.hub.flow(spec.flow_run or run)
    book = context.kept(LeaseBook)
    began_at = book.began_at() if book else None
    if book is None or began_at is None:
        return ()
    events = next((feed.events for feed in flow.feeds if feed.run.id == run), [])
    return book.beside(_paces_since(began_at, events))


def _paces_since(time: str, events: Sequence[Stamped]) -> list[Pace]:
    """What progress told from shortly before `time` on; a long training told much before that."""
    found: list[Pace] = []
    for event in (stamped.event for stamped in reversed(events)):
        if event.type == "run.progress" and event.unit == "steps":
            found.append(Pace(event.time, event.done))
            if event.time < time:
                break
    return found[::-1]
