"""Several paths as one folder."""

from pathlib import Path

import pytest

from glassworks.common.errors import NotFound
from glassworks.engine.gathering import gather


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_one_path_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert gather([tmp_path / "a.txt"], tmp_path / "home") == tmp_path / "a.txt"
    assert gather([tmp_path / "a.txt"] * 2, tmp_path / "home") == tmp_path / "a.txt"
    assert not (tmp_path / "home").exists()


def test_several_paths_stand_beside_each_other(tmp_path: Path) -> None:
    for name in ("a.txt", "x/a.txt", "x/deep/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    paths = [tmp_path / "a.txt", tmp_path / "x", tmp_path / "x/a.txt"]
    folder = gather(paths, tmp_path / "home")
    assert tree(folder) == {
        "a.txt": "a.txt",
        "a-2.txt": "x/a.txt",
        "x/a.txt": "x/a.txt",
        "x/deep/b.txt": "x/deep/b.txt",
    }
    (tmp_path / "x/a.txt").unlink()
    (tmp_path / "x/a.txt").write_text("new")
    assert gather(paths, tmp_path / "home") == folder
    assert tree(folder)["x/a.txt"] == tree(folder)["a-2.txt"] == "new"
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(NotFound, match=r"b\.txt"):
        gather([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "home")
