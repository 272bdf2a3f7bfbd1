"""Fixtures of the worker's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.attempts import COUNT_SOURCE, Attempts
from tests.worker.plugins import install_plugin


@pytest.fixture
def attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attempts]:
    """A store, and the stage `count` installed; whatever still runs at the end is ended."""
    folder = tmp_path / "plugin"
    install_plugin(monkeypatch, folder, "glassworks.stages", {"count": "Count"}, COUNT_SOURCE)
    made = Attempts(tmp_path)
    yield made
    for attempt in (tmp_path / "attempts").glob("*"):
        made.executor.reap(attempt)
