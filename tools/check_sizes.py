"""Checks that files stay small enough to be read in one sitting.

In: a repository root (default: the working directory). Out: one line a problem and exit code 1, or one line that says how
many files were looked at. Lengths of functions and their complexity are ruff's work (`pyproject.toml`).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

CODE = ("src", "tests", "tools", "benchmarks")
MAX_PYTHON_LINES = 600
MAX_README_LINES = 20


def find_problems(root: Path) -> list[str]:
    """Everything under `root` that is too long or missing, one sentence each; empty when all is well."""
    return [*_long_python_files(root), *_top_folder_readmes(root)]


def python_files(root: Path) -> list[Path]:
    """Every Python file of ours, sorted."""
    return sorted(file for folder in CODE for file in (root / folder).rglob("*.py"))


def top_folders(root: Path) -> list[Path]:
    """The folders that introduce themselves: the rooms of the package, and what stands beside `src`."""
    rooms = sorted((root / "src" / "glassworks").iterdir())
    beside = [root / name for name in ("tests", "tools", "benchmarks", "docs")]
    return [folder for folder in [*rooms, *beside] if folder.is_dir() and _is_ours(folder)]


def _is_ours(folder: Path) -> bool:
    return not folder.name.startswith(("__", "."))


def _long_python_files(root: Path) -> Iterator[str]:
    for file in python_files(root):
        num_lines = _count_lines(file)
        if num_lines > MAX_PYTHON_LINES:
            yield (
                f"{file.relative_to(root)} has {num_lines} lines, {MAX_PYTHON_LINES} are allowed. "
                "Split it by what its parts are about."
            )


def _top_folder_readmes(root: Path) -> Iterator[str]:
    for folder in top_folders(root):
        readme = folder / "README.md"
        where = readme.relative_to(root)
        if not readme.is_file():
            yield f"{where} is missing. Say in a few lines what the folder holds and how to read it."
        elif (num_lines := _count_lines(readme)) > MAX_README_LINES:
            yield f"{where} has {num_lines} lines, {MAX_README_LINES} are allowed. Move detail to docs/."


def _count_lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def main() -> int:
    root = Path.cwd()
    problems = find_problems(root)
    print("\n".join(problems) or f"{len(python_files(root))} Python files, none too long.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
