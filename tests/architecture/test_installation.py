"""What `make install` installs is pinned, all of it, and the pins are what these tests run with."""

import re
import subprocess
import tomllib
from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT
from tools.list_dependencies import list_dependencies

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)$", re.M)


def pins() -> dict[str, str]:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in PIN.findall(text)}


def needed() -> set[str]:
    """Names of our dependencies and of everything that they need here, development included."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in list_dependencies(ROOT / "pyproject.toml", True)]
    while waiting:
        requirement = waiting.pop()
        extras = {"", *requirement.extras}
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        found.add(name)
        for text in distribution(name).requires or []:
            other = Requirement(text)
            if not other.marker or any(other.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(other)
    return found


def test_everything_that_is_needed_is_pinned() -> None:
    assert sorted(needed() - pins().keys()) == []


def test_the_installed_versions_are_the_pinned_ones() -> None:
    installed = {name: distribution(name).version.partition("+")[0] for name in needed()}
    assert {name: pins()[name] for name in installed} == installed


def test_torch_is_the_same_in_both_places() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"TORCH := torch=={pins()['torch']}\n" in makefile


def test_the_oldest_python_is_the_same_in_both_places() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    major, minor = project["requires-python"].removeprefix(">=").split(".")
    script = (ROOT / "tools" / "make_venv.sh").read_text(encoding="utf-8")
    assert f"sys.version_info < ({major}, {minor})" in script


def test_help_lists_every_command_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    documented = re.findall(r"^([a-z-]+):.*## ", makefile, re.M)
    phony = re.search(r"^\.PHONY: (help .*)$", makefile, re.M)
    assert phony and sorted(phony[1].split()) == sorted(documented)
    said = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [line.split()[1] for line in said.splitlines()] == documented
