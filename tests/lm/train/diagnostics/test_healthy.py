"""In healthy runs no diagnostic speaks: three of them here, all twenty in `make soak`."""

from pathlib import Path

import pytest

from tests.lm.train.diagnostics.healthy import healthy
from tests.lm.train.diagnostics.runs import findings, losses, train


@pytest.mark.parametrize("number", range(3))
def test_nothing_is_found(number: int, tmp_path: Path) -> None:
    text, architecture, settings = healthy(number)
    context, error = train(tmp_path, text, architecture, {**settings, "steps": 120})
    assert error is None
    assert losses(context)[-1] < 0.9 * losses(context)[0], "it learned"
    assert [(event.code, event.message) for event in findings(context)] == []
