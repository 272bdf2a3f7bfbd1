"""A field that chooses a component: `kind` decides which settings are read, and the schema knows every choice."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from glassworks.lm.data.splits import SPLITS
from glassworks.lm.data.splits.fraction import Fraction
from glassworks.specs.base import Config
from glassworks.specs.choice import OneOf


class Chooser(Config):
    by: Annotated[Config, OneOf(SPLITS)] = Field(
        default=Fraction.Config(), description="Which component."
    )


class Required(Config):
    by: Annotated[Config, OneOf(SPLITS)] = Field(description="Which component; none by default.")


def test_without_a_kind_the_default_one_is_meant() -> None:
    chosen = Chooser.model_validate({"by": {"fraction": 0.25}})
    assert chosen.by == Fraction.Config(fraction=0.25)
    with pytest.raises(ValidationError, match="no kind is given"):
        Required.model_validate({"by": {"fraction": 0.25}})


def test_kind_decides_which_settings_are_read() -> None:
    chosen = Chooser.model_validate({"by": {"kind": "fraction", "fraction": 0.25}})
    assert isinstance(chosen.by, Fraction.Config)
    assert chosen.by.fraction == 0.25


@pytest.mark.parametrize(
    "by", [{"kind": "nothing"}, {"groups": []}, {"kind": "fraction", "groups": []}, "fraction"]
)
def test_what_no_component_takes_is_refused(by: object) -> None:
    with pytest.raises(ValidationError):
        Chooser.model_validate({"by": by})


def test_the_schema_lists_every_choice() -> None:
    mapping = Chooser.model_json_schema()["properties"]["by"]["discriminator"]["mapping"]
    assert sorted(mapping) == SPLITS.names()


def test_json_comes_back_as_it_went() -> None:
    chosen = Chooser.model_validate({"by": {"kind": "groups", "holdout": ["a"]}})
    assert Chooser.model_validate(chosen.to_json()) == chosen


@pytest.mark.parametrize(
    ("by", "place", "words"),
    [
        ({"kind": "fraction", "fraction": 2}, ("by", "fraction"), "less than 1"),
        ({"kind": "fraction", "groups": []}, ("by", "groups"), "no such field"),
        (
            {"kind": "nothing"},
            ("by",),
            "there is no split 'nothing'; choose one of: fraction, groups",
        ),
        ({"groups": []}, ("by", "groups"), "no such field"),
    ],
)
def test_errors_name_the_field_as_it_is_written(
    by: object, place: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Chooser.model_validate({"by": by})
    problem = caught.value.errors()[0]
    assert problem["loc"] == place
    assert words in problem["msg"]
    if "groups" in place:
        assert problem["type"] == "extra_forbidden"
