"""Numbers in the sentences of findings."""

import pytest

from glassworks.lm.train.diagnostics._numbers import times


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.13, "0.13"), (2.5, "2.5"), (999.4, "999"), (999.6, "1,000"), (61_440.0, "61,400")],
)
def test_how_often(number: float, words: str) -> None:
    assert times(number) == words
