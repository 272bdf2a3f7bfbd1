"""What earlier runs teach: the expected speed, and how far a prediction would have missed."""

import pytest

from glassworks.engine.history import SpeedHistory


def test_nothing_is_known_without_runs() -> None:
    assert SpeedHistory(()).expected is None
    assert SpeedHistory(()).error is None
    assert SpeedHistory((0.4,)).error is None


def test_the_error_is_the_greatest_miss_of_a_prediction_from_the_other_runs() -> None:
    history = SpeedHistory((0.5, 0.4, 0.4))
    assert history.expected == 0.4
    assert history.error == pytest.approx(0.25)  # 0.5 reached where 0.4 was expected
