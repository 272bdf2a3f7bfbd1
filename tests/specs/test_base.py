"""`Spec` is closed and frozen; `hashed` leaves display-only fields out; a pydantic error becomes one plain sentence."""

import math

import pytest
from pydantic import Field, ValidationError

from glassworks.common.errors import InvalidSpec
from glassworks.specs.artifact import FileSpec, artifact_id
from glassworks.specs.base import DISPLAY_ONLY, Config, Spec, invalid_spec
from glassworks.specs.order import ExitSpec


class Inner(Config):
    depth: int = Field(default=1, ge=1, description="Matters.")
    color: str = Field(default="red", json_schema_extra=DISPLAY_ONLY, description="Does not.")


class Outer(Config):
    inner: Inner = Field(default=Inner(), description="Nested.")
    rate: float = Field(default=0.5, description="Matters.")
    note: str = Field(default="", json_schema_extra=DISPLAY_ONLY, description="Does not.")


class Rate(Spec):
    rate: float


def test_a_spec_is_frozen_closed_and_finite() -> None:
    with pytest.raises(ValidationError):
        setattr(Outer(), "rate", 1.0)  # noqa: B010 (a checker would refuse the plain way)
    with pytest.raises(ValidationError):
        Outer.model_validate({"speed": 1})
    with pytest.raises(ValidationError):
        Rate(rate=math.inf)


def test_display_only_fields_are_not_hashed_at_any_depth() -> None:
    assert Outer().hashed() == {"inner": {"depth": 1}, "rate": 0.5}
    shown = Outer(note="other", inner=Inner(color="blue"))
    assert shown.hashed() == Outer().hashed()
    assert Outer(inner=Inner(depth=2)).hashed() != Outer().hashed()


def error_of(document: object) -> InvalidSpec:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(document)
    return invalid_spec(caught.value, "outer", spec=Outer)


def test_a_wrong_value_is_named_by_its_path() -> None:
    error = error_of({"inner": {"depth": 0}})
    assert error.code == "invalid-config"
    assert (
        error.message == "outer: inner.depth: it must be at least 1, and is 0"
        and error.where == "inner.depth"
    )


def test_an_unknown_field_is_told_to_be_misspelled() -> None:
    error = error_of({"rats": 1})
    assert error.message == "outer: rats: there is no such field"
    assert error.hint == "Did you mean rate?"
    assert error_of({"inner": {"deepth": 1}}).hint == "Did you mean depth?"
    assert error_of({"unlike": 1}).hint == "Check the spelling of the field."


def test_more_problems_are_counted() -> None:
    assert error_of({"rats": 1, "mice": 2, "inner": 3}).message.endswith("(and 2 more)")


def test_an_artifact_id_depends_on_kind_paths_and_bytes_only() -> None:
    one = FileSpec(path="a", size_bytes=1, sha256="1" * 64)
    two = FileSpec(path="b", size_bytes=2, sha256="2" * 64)
    name = artifact_id("dataset", (one, two))
    assert artifact_id("dataset", (two, one)) == name
    assert len(name) == 64
    others = {
        artifact_id("tokens", (one, two)),
        artifact_id("dataset", (one,)),
        artifact_id("dataset", (one.model_copy(update={"path": "c"}), two)),
        artifact_id("dataset", (one.model_copy(update={"sha256": "3" * 64}), two)),
    }
    assert len(others | {name}) == 5


@pytest.mark.parametrize(
    ("returncode", "signal", "reason", "is_stopped"),
    [
        (10, None, "stopped", True),
        (10, None, "exited", True),
        (None, 15, "stopped", True),
        (None, 15, "exited", False),
        (None, 9, "killed", False),
        (0, None, "exited", False),
        (20, None, "stopped", False),
    ],
)
def test_which_ends_are_stops(
    returncode: int | None, signal: int | None, reason: str, is_stopped: bool
) -> None:
    ended = ExitSpec.model_validate(
        {
            "pid": 1,
            "returncode": returncode,
            "signal": signal,
            "started_at": "t1",
            "ended_at": "t2",
            "reason": reason,
        }
    )
    assert ended.is_stopped is is_stopped
