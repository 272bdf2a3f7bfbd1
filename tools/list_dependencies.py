"""Prints what pip should install: the dependencies that pyproject.toml names, on one line.

In: pyproject.toml of the working directory; `--dev` adds the `dev` extra. Out: requirements, separated by spaces. It runs
before anything is installed, so it uses the standard library alone.
"""

import sys
import tomllib
from pathlib import Path


def list_dependencies(project_file: Path, is_dev: bool) -> list[str]:
    """The requirements of pyproject.toml, with those of the `dev` extra if `is_dev`."""
    project = tomllib.loads(project_file.read_text(encoding="utf-8"))["project"]
    found: list[str] = list(project["dependencies"])
    if is_dev:
        found += project["optional-dependencies"]["dev"]
    return found


if __name__ == "__main__":
    print(*list_dependencies(Path("pyproject.toml"), "--dev" in sys.argv[1:]))
