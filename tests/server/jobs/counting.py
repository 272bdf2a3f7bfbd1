"""Orders of the plugin stage `count` through a server, and what became of them."""

from pathlib import Path
from typing import Any

from tests.processes import until
from tests.server.house import House

FIELDS = ("hold_at", "steps", "stage", "fail_at", "fails_as")


def document(
    gate: Path | None = None,
    hold_at: int = 12,
    steps: int = 20,
    stage: str = "count",
    **failing: Any,
) -> dict[str, Any]:
    """A recipe that counts; with a gate it waits at `hold_at` until the gate exists."""
    config: dict[str, Any] = {"steps": steps, "save_every": 5, **failing}
    if gate is not None:
        config |= {"hold_at": hold_at, "gate": str(gate)}
    return {
        "name": "counting",
        "title": "Counting",
        "output": "count.dataset",
        "nodes": {"count": {"stage": stage, "config": config}},
    }


def order(house: House, gate: Path | None = None, **more: Any) -> str:
    """Order a count; returns the run's id."""
    fields = {k: more.pop(k) for k in FIELDS if k in more}
    answer = house.api.post("/api/runs", json={"document": document(gate, **fields), **more})
    assert answer.status_code == 201, answer.text
    run: str = answer.json()["run"]["id"]
    return run


def look(house: House, run: str) -> dict[str, Any]:
    """The run's detail."""
    detail: dict[str, Any] = house.api.get(f"/api/runs/{run}").json()
    return detail


def until_status(house: House, run: str, *statuses: str) -> None:
    until(lambda: look(house, run)["run"]["status"] in statuses)


def until_step(house: House, run: str, step: int) -> None:
    until(lambda: (look(house, run)["run"]["step"] or 0) >= step)


def rows(house: House, run: str) -> list[int]:
    """The steps whose rows count, of the run's one stage."""
    node = look(house, run)["nodes"][0]["run"]
    series = house.api.get(f"/api/runs/{node}/metrics").json()["series"]
    steps: list[int] = series["loss"]["steps"]
    return steps
