"""Splits hold out what was asked for, and never tear a group apart."""

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data.splits.fraction import Fraction
from glassworks.lm.data.splits.groups import NamedGroups

PLAYS = ["hamlet", "macbeth", "othello", "twelfth-night"]


def test_named_groups() -> None:
    config = NamedGroups.Config(holdout=("macbeth", "twelfth-night"))
    assert NamedGroups.held_out(config, PLAYS) == {"macbeth", "twelfth-night"}


@pytest.mark.parametrize(
    ("holdout", "code", "words"),
    [
        (("macbet",), "unknown-group", "no group 'macbet'"),
        ((), "empty-split", "No group is held out"),
        (tuple(PLAYS), "empty-split", "nothing is left"),
    ],
)
def test_wrong_names(holdout: tuple[str, ...], code: str, words: str) -> None:
    with pytest.raises(InvalidSpec, match=words) as caught:
        NamedGroups.held_out(NamedGroups.Config(holdout=holdout), PLAYS)
    assert caught.value.code == code
    if code == "unknown-group":
        assert "hamlet, macbeth" in caught.value.hint


@pytest.mark.parametrize(("fraction", "num"), [(0.1, 10), (0.001, 1), (0.999, 99), (0.5, 50)])
def test_fraction(fraction: float, num: int) -> None:
    groups = [f"g{i:03}" for i in range(100)]
    held_out = Fraction.held_out(Fraction.Config(fraction=fraction), groups)
    assert len(held_out) == num
    assert held_out == Fraction.held_out(Fraction.Config(fraction=fraction), groups)
    assert held_out != Fraction.held_out(Fraction.Config(fraction=fraction, seed=1), groups)


def test_one_group_cannot_be_split() -> None:
    with pytest.raises(InvalidSpec, match="one group only"):
        Fraction.held_out(Fraction.Config(), ["all"])
