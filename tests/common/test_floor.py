"""The floor's small things: errors that cross process borders, canonical hashing, ids, settings, clock, logs."""

import json
import logging
import math
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.common import errors
from glassworks.common.clock import parse_utc, seconds_between, utc_now
from glassworks.common.errors import GlassworksError, error_from_dict
from glassworks.common.hashing import canonical_json, hash_bytes, hash_file, hash_json
from glassworks.common.ids import ALPHABET, is_artifact_id, is_name, is_run_id, new_run_id
from glassworks.common.logging import get_logger, log_to_file
from glassworks.common.settings import load_settings

CLASSES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, GlassworksError)
]
STATUS = {
    "InvalidSpec": 422,
    "NotFound": 404,
    "Conflict": 409,
    "Unauthorized": 401,
    "Forbidden": 403,
    "Changed": 412,
    "LimitReached": 429,
    "Unavailable": 503,
}


@pytest.mark.parametrize("cls", CLASSES)
def test_an_error_crosses_a_process_border_as_what_it_is(cls: type[GlassworksError]) -> None:
    error = cls("a-code", "What happened.", "What to do.", "where.it.was")
    crossed = [
        error_from_dict(json.loads(json.dumps(error.to_dict()))),
        pickle.loads(pickle.dumps(error)),
    ]
    for other in crossed:
        assert type(other) is cls
        assert other.to_dict() == error.to_dict()
        assert str(other) == "What happened."
    assert error.status == STATUS.get(cls.__name__, 500)


@pytest.mark.parametrize("fields", [{}, {"type": "ValueError", "code": None}, {"type": 5}])
def test_an_error_that_is_not_ours_becomes_the_base_class(fields: dict[str, Any]) -> None:
    error = error_from_dict(fields)
    assert type(error) is GlassworksError
    assert (error.code, error.message) == ("internal", "Something failed without saying what.")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text("ab é\u2028"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("abc"), json_values, max_size=5), st.randoms())
def test_equal_values_hash_equal_whatever_their_order(value: dict[str, Any], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert hash_json(dict(items)) == hash_json(value) == hash_json(json.loads(json.dumps(value)))


def test_different_values_hash_differently() -> None:
    values = [None, 0, False, "", "0", [], {}, [0], {"a": 1}, {"a": "1"}, 0.5, [["a"], []], ["a"]]
    assert len({hash_json(value) for value in values}) == len(values)


def test_canonical_json_is_fixed() -> None:
    value = {"b": [1, 2.5, "é"], "a": {"d": None, "c": True}}
    assert canonical_json(value) == '{"a":{"c":true,"d":null},"b":[1,2.5,"é"]}'
    expected = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert hash_json({}) == expected == hash_bytes(b"{}")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"x": number})


def test_a_file_hashes_as_its_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "file").write_bytes(data)
    assert hash_file(tmp_path / "file") == hash_bytes(data)


def test_run_ids_are_their_own_kind_of_word() -> None:
    ids = {new_run_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(is_run_id(run) and not is_artifact_id(run) and is_name(run) for run in ids)
    assert set("".join(ids)) - {"r"} <= set(ALPHABET)
    assert not any(map(is_run_id, ["", "r", "rabc", "r00000000u", "R000000000", "r0000000000"]))


def test_artifact_ids_are_64_hex_digits() -> None:
    assert is_artifact_id("0123456789abcdef" * 4)
    assert not any(map(is_artifact_id, ["", "0" * 63, "0" * 65, "0" * 63 + "G", "A" * 64]))


@pytest.mark.parametrize("word", ["a", "0", "first-model", "v1.2_x", "x" * 63])
def test_names(word: str) -> None:
    assert is_name(word)


@pytest.mark.parametrize(
    "word", ["", "A", "-a", ".a", "_a", "a b", "a/b", "a\n", "é", "x" * 64, ".."]
)
def test_no_names(word: str) -> None:
    assert not is_name(word)


def test_roots_come_from_the_environment_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("GLASSWORKS_HOME", raising=False)
    monkeypatch.delenv("GLASSWORKS_STORE", raising=False)
    settings = load_settings()
    assert settings.home == tmp_path / ".glassworks"
    assert settings.store == tmp_path / ".glassworks" / "store"
    assert settings.machine_file == tmp_path / ".glassworks" / "machine.json"
    monkeypatch.setenv("GLASSWORKS_HOME", "~/other")
    assert load_settings().store == tmp_path / "other" / "store"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLASSWORKS_STORE", "relative/store")
    assert load_settings().store == tmp_path / "relative" / "store"
    monkeypatch.setenv("GLASSWORKS_HOME", "")
    assert load_settings().home == tmp_path / ".glassworks"
    assert list(tmp_path.iterdir()) == []


def test_text_order_of_times_is_their_order() -> None:
    times = [utc_now() for _ in range(50)]
    assert times == sorted(times)
    assert all(len(time) == len("2026-01-01T00:00:00.000000Z") for time in times)
    assert parse_utc("2026-01-01T00:00:00.000000Z").utcoffset() is not None
    assert seconds_between("2026-01-01T00:00:00.000000Z", "2026-01-01T00:01:00.500000Z") == 60.5


def test_logs_are_json_lines(tmp_path: Path) -> None:
    handler = log_to_file(tmp_path / "log.jsonl")
    log = get_logger("tests")
    try:
        log.info("one", extra={"fields": {"step": 3, "path": tmp_path}})
        try:
            raise ValueError("two\nlines")
        except ValueError:
            log.exception("it failed")
    finally:
        logging.getLogger("glassworks").removeHandler(handler)
        handler.close()
    first, second = map(json.loads, (tmp_path / "log.jsonl").read_text().splitlines())
    assert (first["level"], first["logger"], first["message"]) == (
        "info",
        "glassworks.tests",
        "one",
    )
    assert (first["step"], first["path"]) == (3, str(tmp_path))
    assert "ValueError: two\nlines" in second["traceback"]
