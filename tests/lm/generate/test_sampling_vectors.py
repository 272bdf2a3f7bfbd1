"""The vectors that hold Python and TypeScript to the same sampling are those that the code of today gives."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tools.generate_sampling_vectors import is_on_a_border, vectors

RECORDED: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("sampling_vectors.json").read_text("utf-8")
)


def assert_close(found: Any, recorded: Any) -> None:
    """The same JSON, numbers within rounding."""
    if isinstance(recorded, dict):
        assert sorted(found) == sorted(recorded)
        for key in recorded:
            assert_close(found[key], recorded[key])
    elif isinstance(recorded, list):
        assert len(found) == len(recorded)
        for one, other in zip(found, recorded, strict=True):
            assert_close(one, other)
    elif isinstance(recorded, float):
        assert found == pytest.approx(recorded, rel=1e-10, abs=1e-12)
    else:
        assert found == recorded


def test_the_file_is_fresh() -> None:
    assert_close(vectors(), RECORDED)


def test_they_cover_every_setting_on_and_off() -> None:
    off = {"top_k": 0, "top_p": 1.0, "min_p": 0.0, "repetition_penalty": 1.0,
           "frequency_penalty": 0.0, "presence_penalty": 0.0}  # fmt: skip
    for name, value in off.items():
        given = {case["settings"][name] for case in RECORDED}
        assert value in given, name
        assert len(given) > 2, name
    assert 0.0 in {case["settings"]["temperature"] for case in RECORDED}


def test_no_random_case_is_decided_by_rounding() -> None:
    assert not [c["name"] for c in RECORDED if c["name"].startswith("random") and is_on_a_border(c)]


@pytest.mark.parametrize("case", RECORDED, ids=[case["name"] for case in RECORDED])
def test_probabilities_are_shared_among_what_is_kept(case: dict[str, Any]) -> None:
    kept = [z is not None for z in case["steps"]["min_p"]]
    assert math.isclose(sum(case["probabilities"]), 1)
    assert [p > 0 for p in case["probabilities"]] == kept or "large" in case["name"]
