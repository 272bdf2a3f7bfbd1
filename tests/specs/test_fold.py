"""`fold` against the vectors that every language shares, and its laws.

A vector's `state` names only the fields that differ from a run of which nothing is known. The vectors are written by
hand; nothing regenerates them.
"""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from glassworks.specs.events import AttemptEvent, LedgerEvent, event_from_json
from glassworks.specs.fold import fold
from glassworks.specs.run import RunState

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fold_vectors.json").read_text("utf-8")
)
EVENT_CLASSES = (*get_args(LedgerEvent), *get_args(AttemptEvent))
TYPES = {cls.model_fields["type"].default for cls in EVENT_CLASSES}
SAYS_NOTHING = {"artifact.published"}
"""Types that change no state by themselves."""
ALL_EVENTS = [event for vector in VECTORS for event in vector["events"]]


def fold_json(events: list[dict[str, Any]]) -> dict[str, Any]:
    return fold(map(event_from_json, events)).to_json()


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    assert fold_json(vector["events"]) == {**RunState().to_json(), **vector["state"]}


def test_vectors_hold_events_as_they_are_stored() -> None:
    for event in ALL_EVENTS:
        assert event_from_json(event).to_json() == event


def test_vectors_cover_every_type_and_every_field_of_the_state() -> None:
    assert {event["type"] for event in ALL_EVENTS} == TYPES
    assert {field for v in VECTORS for field in v["state"]} == set(RunState.model_fields)


@pytest.mark.parametrize("type_", sorted(TYPES - SAYS_NOTHING))
def test_every_member_of_the_union_is_handled(type_: str) -> None:
    """Leaving the events of one type out of the vectors changes some state."""
    without = [[e for e in vector["events"] if e["type"] != type_] for vector in VECTORS]
    assert any(
        fold_json(left) != fold_json(v["events"]) for left, v in zip(without, VECTORS, strict=True)
    )


@given(st.lists(st.sampled_from(ALL_EVENTS), max_size=30), st.integers(0, 30))
def test_a_snapshot_and_what_follows_is_the_whole(events: list[dict[str, Any]], cut: int) -> None:
    parsed = [event_from_json(event) for event in events]
    snapshot = fold(parsed[:cut])
    stored = RunState.model_validate_json(snapshot.model_dump_json())
    assert fold(parsed[cut:], stored) == fold(parsed)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "run.exploded"},
        {"kind": "stage", "name": "no type"},
        {"type": "run.renamed", "name": "n", "extra": 1},
        {"type": "run.renamed"},
        {"type": "evaluation.recorded", "step": 1, "values": {"loss": float("nan")}},
        "run.created",
        None,
    ],
)
def test_what_is_none_of_the_union_is_rejected(fields: Any) -> None:
    with pytest.raises(ValidationError):
        event_from_json(fields)


def test_an_event_without_a_time_gets_one() -> None:
    assert event_from_json({"type": "run.stopped"}).time.endswith("Z")


def test_a_pause_is_no_work() -> None:
    """Two stretches of ten and five seconds with a night between them; then it is at work again."""
    state = fold([])
    assert (state.spent_s, state.duration_s) == (0.0, None)
    told: list[tuple[str, dict[str, Any]]] = [
        ("2026-03-01T20:00:00.000000Z", {"type": "attempt.started", "attempt": 1}),
        ("2026-03-01T20:00:10.000000Z", {"type": "attempt.ended", "attempt": 1, "outcome": "lost"}),
        ("2026-03-02T07:59:00.000000Z", {"type": "run.queued"}),
        ("2026-03-02T08:00:00.000000Z", {"type": "attempt.started", "attempt": 2, "from_step": 3}),
        ("2026-03-02T08:00:05.000000Z", {"type": "attempt.ended", "attempt": 2, "outcome": "done"}),
        ("2026-03-02T08:00:07.000000Z", {"type": "run.done", "outputs": {}}),
    ]
    events = [event_from_json({"time": time, **fields}) for time, fields in told]
    assert fold(events).duration_s == 15.0
    assert fold(events[:-1]).duration_s is None
    assert fold(events[:4]).spent_s > 10.0, "the second one goes on until now"
