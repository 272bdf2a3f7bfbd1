"""Bad input through the command line: each with its clear error in two lines, and nothing half-made left behind."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.acceptance.checks import artifacts_of, check_nothing_made, check_told, runs_of
from tests.acceptance.house import House

PR_CAPBSET_DROP = 24
READ_ANYTHING = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""

BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "wrong-encoding": (
        lambda path: path.write_bytes("Tür und Tor\n".encode("latin-1") * 9),
        "UTF-8",
    ),
    "binary": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "PNG"),
    "missing": (lambda path: None, "There is no file"),
    "a-folder": (lambda path: path.mkdir(), "folder"),
}
BAD_SETTINGS = {
    "train.architecture.width=17": "2 heads do not divide a width of 17",
    "train.wings=2": "wings: there is no such field",
    "nowhere.steps=2": "names no setting",
    "train.steps": "sets nothing",
}
BAD_RECIPES: dict[str, tuple[bytes, str]] = {
    "newer-format": (b"format: 99\nname: tiny\n", "recipe format 99"),
    "not-yaml": (b"name: [tiny\nnodes: }\n", "is not YAML"),
    "not-a-recipe": (b"just words\n", "has no fields"),
    "empty": (b"", "has no fields"),
    "no-text": (b"\xff\xfe\x00\x01", "cannot be read"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_text_file(house: House, recipe: Path, tmp_path: Path, name: str) -> None:
    make, words = BAD_FILES[name]
    path = tmp_path / f"{name}.txt"
    make(path)
    artifacts, runs = artifacts_of(house), runs_of(house)
    done = house.run("run", str(recipe), "--set", f"data.source.path={path}")
    check_told(done, words)
    assert f"data.{path}" not in done.stderr + done.stdout, "a file is no field of a node"
    check_nothing_made(house, artifacts, runs)


def test_an_unreadable_folder(house: House, recipe: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("words\n")
    document = yaml.safe_load(recipe.read_text("utf-8"))
    document["nodes"]["data"]["config"]["source"] = {"kind": "files", "path": str(folder)}
    changed = tmp_path / "folder.yaml"
    changed.write_text(yaml.safe_dump(document), "utf-8")
    artifacts, runs = artifacts_of(house), runs_of(house)
    folder.chmod(0o000)
    try:
        done = house.run("run", str(changed), preexec=become_ordinary)
    finally:
        folder.chmod(0o700)
    check_told(done, str(folder), "read")
    check_nothing_made(house, artifacts, runs)


def become_ordinary() -> None:
    """In the new process: root loses the right to read what it may not, as if it were any user.

    Another user's number would not do: the interpreter may lie where only root can go.
    """
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in READ_ANYTHING:
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "root could not give up its rights")


@pytest.mark.parametrize("setting", BAD_SETTINGS)
def test_a_bad_setting(house: House, recipe: Path, setting: str) -> None:
    artifacts, runs = artifacts_of(house), runs_of(house)
    check_told(house.run("run", str(recipe), "--set", setting), BAD_SETTINGS[setting])
    check_nothing_made(house, artifacts, runs)
    assert runs_of(house) == runs, "a plan that cannot be right begins no run"


@pytest.mark.parametrize("name", BAD_RECIPES)
def test_a_bad_recipe(house: House, tmp_path: Path, name: str) -> None:
    content, words = BAD_RECIPES[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(content)
    runs = runs_of(house)
    check_told(house.run("run", str(path)), words, str(path))
    assert runs_of(house) == runs


def test_a_recipe_that_is_not_there(house: House) -> None:
    check_told(house.run("run", "no-such-recipe"), "no-such-recipe", "first-model")
