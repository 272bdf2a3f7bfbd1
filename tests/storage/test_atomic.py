"""Writing one document or one folder: the old or the new, never half."""

from pathlib import Path

import pytest

from glassworks.common.errors import DiskFull
from glassworks.storage.atomic import (
    disk_errors,
    publish_folder,
    read_json,
    remove_folder,
    write_json,
)
from tests.processes import kill_at_every_call


def test_json_comes_back(tmp_path: Path) -> None:
    value = {"words": "Öl \u2028", "half a pair": "\udc80", "list": [1, 2.5, None, True]}
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_what_cannot_be_written_leaves_the_old(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", "old")
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", ["new", object()])
    assert read_json(tmp_path / "a.json") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_writer_that_is_killed_at_any_call_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    kill_at_every_call(
        """
        import sys
        from pathlib import Path
        from glassworks.storage.atomic import read_json, write_json
        path = Path(sys.argv[1])

        def prepare():
            write_json(path, "old")

        def work():
            write_json(path, ["new"] * 5)

        def check():
            assert read_json(path) in ("old", ["new"] * 5)
        """,
        tmp_path / "a.json",
    )
    assert read_json(tmp_path / "a.json") == ["new"] * 5


def test_no_room_is_told_and_other_errors_pass(tmp_path: Path) -> None:
    for number in (28, 27, 122):
        with pytest.raises(DiskFull) as caught, disk_errors(tmp_path):
            raise OSError(number, "no room")
        assert caught.value.code == "disk-full"
    with pytest.raises(PermissionError), disk_errors(tmp_path):
        raise PermissionError(13, "not yours")


def test_a_folder_that_came_first_wins(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "who").write_text(name)
        publish_folder(tmp_path / name, tmp_path / "deep" / "final")
    assert (tmp_path / "deep" / "final" / "who").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_a_rename_that_fails_for_another_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        publish_folder(tmp_path / "nothing", tmp_path / "final")


def test_a_removed_folder_is_gone_under_every_name(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("x")
    remove_folder(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []
