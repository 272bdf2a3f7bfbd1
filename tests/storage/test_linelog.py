"""Logs survive a crash at any byte: complete lines stay, a torn one is cut before the next is written."""

import json
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.common.errors import BadData, DiskFull
from glassworks.storage.linelog import TAIL_BYTES, Follower, LineLog
from tests.processes import run_python

VALUES = [{"n": 1}, {"text": "zwölf \u2028 Boxkämpfer\r\n"}, [1, None], "", {"s": "\udc80"}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def test_values_come_back_with_their_numbers(path: Path) -> None:
    log = LineLog(path)
    assert log.read() == []
    log.append(*VALUES[:2])
    log.append(*VALUES[2:])
    assert LineLog(path).read() == VALUES
    assert list(log.numbered(after=3)) == [(4, ""), (5, {"s": "\udc80"})]
    assert len(path.read_text("utf-8").split("\n")) == len(VALUES) + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(json_values, max_size=8), st.data())
def test_a_cut_at_any_byte_loses_the_torn_line_only(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "log.jsonl"
    LineLog(path).append(*values)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    num_complete = whole[:cut].count(b"\n")

    assert LineLog(path).read() == values[:num_complete]
    assert list(LineLog(path).newest_first()) == values[:num_complete][::-1]
    assert Follower(path).poll() == values[:num_complete]
    LineLog(path).append("next")
    assert LineLog(path).read() == [*values[:num_complete], "next"]


@pytest.mark.parametrize("num_bytes", [TAIL_BYTES - 1, TAIL_BYTES, TAIL_BYTES + 1, 3 * TAIL_BYTES])
@pytest.mark.parametrize("before", [[], [{"n": 1}]])
def test_a_long_torn_line_is_cut_whole(path: Path, num_bytes: int, before: list[Any]) -> None:
    LineLog(path).append(*before)
    with path.open("ab") as file:
        file.write(b'"' + b"x" * num_bytes)
    LineLog(path).append("next")
    assert LineLog(path).read() == [*before, "next"]


@pytest.mark.parametrize("torn", [0, 7, TAIL_BYTES + 1])
def test_the_newest_lines_come_first_however_long_they_are(path: Path, torn: int) -> None:
    values = ["x" * num for num in (3, TAIL_BYTES - 4, 0, 2 * TAIL_BYTES + 1, 5)]
    LineLog(path).append(*values)
    with path.open("ab") as file:
        file.write(b"x" * torn)
    assert list(LineLog(path).newest_first()) == values[::-1]
    assert list(LineLog(path.with_name("none")).newest_first()) == []


def test_a_damaged_line_in_the_middle_is_told(path: Path) -> None:
    path.write_text('{"n": 1}\n{"n": \n{"n": 3}\n')
    log = LineLog(path)
    for read in (log.read, Follower(path).poll, lambda: list(log.newest_first())):
        with pytest.raises(BadData) as caught:
            read()
        assert caught.value.code == "log-damaged"
        assert caught.value.where == f"{path}:2"


def test_a_follower_gives_each_line_once_and_only_when_it_is_complete(path: Path) -> None:
    follower = Follower(path)
    assert follower.poll() == []
    log = LineLog(path)
    log.append(1, 2)
    assert (follower.poll(), follower.poll(), follower.line) == ([1, 2], [], 2)
    with path.open("a") as file:
        file.write('{"half"')
    assert follower.poll() == []
    with path.open("a") as file:
        file.write(": 1}\n")
    assert follower.poll() == [{"half": 1}]


def test_a_follower_may_start_after_a_line(path: Path) -> None:
    LineLog(path).append(1, 2, 3)
    follower = Follower(path, after=2)
    assert (follower.poll(), follower.line) == ([3], 3)


def test_a_follower_survives_that_a_torn_line_is_cut(path: Path) -> None:
    log = LineLog(path)
    log.append(1)
    follower = Follower(path)
    with path.open("ab") as file:
        file.write(b'{"torn": "xxxxxxxxxxxxxxxxxxxxx')
    assert follower.poll() == [1]
    log.close()
    log.append(2)
    assert follower.poll() == [2]


def test_a_line_that_does_not_fit_leaves_the_log_as_it_was(path: Path) -> None:
    """The process may write 1,000 bytes a file: the line that crosses that is cut off again, and is told."""
    said = run_python(
        """
        import resource, signal, sys
        from pathlib import Path
        from glassworks.common.errors import DiskFull
        from glassworks.storage.linelog import LineLog
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        log = LineLog(Path(sys.argv[1]))
        log.append("a" * 700)
        try:
            log.append("b" * 700)
        except DiskFull as error:
            print(error.code)
        log.append("c" * 100)
        """,
        path,
    )
    assert said == DiskFull("disk-full", "").code
    assert [json.loads(line)[0] for line in path.read_text().splitlines()] == ["a", "c"]
    assert path.read_bytes().endswith(b"\n")


def test_a_log_that_nobody_holds_any_more_is_closed(tmp_path: Path) -> None:
    before = psutil.Process().num_fds()
    for number in range(20):
        LineLog(tmp_path / f"{number}.jsonl").append({"number": number})
    assert psutil.Process().num_fds() == before
