"""A finding's change as a command: a recipe of the package by name, any other as one that a person fills in."""

from typing import Any

import pytest

from glassworks.cli.display.remedies import remedy_command
from glassworks.specs.events import FindingRaised, RemedySpec


def finding(settings: dict[str, Any] | None) -> FindingRaised:
    remedy = None if settings is None else RemedySpec(text="Change it.", settings=settings)
    return FindingRaised(level="bad", code="nan", message="It broke.", cause="So.", remedy=remedy)


@pytest.mark.parametrize(
    ("recipe", "settings", "expected"),
    [
        (
            "broken-nan",
            {"optimizer.weight_decay": 0.1},
            "glassworks run broken-nan --set train.optimizer.weight_decay=0.1",
        ),
        (
            "my-own",
            {"steps": 200, "attention_across_documents": True},
            "glassworks run RECIPE --set train.steps=200 --set train.attention_across_documents=true",
        ),
        (None, {"steps": 1}, "glassworks run RECIPE --set train.steps=1"),
        ("broken-nan", {}, ""),
        ("broken-nan", None, ""),
    ],
)
def test_a_change_is_a_command(recipe: str | None, settings: Any, expected: str) -> None:
    assert remedy_command(finding(settings), "train", recipe) == expected
