"""Files stay small enough to be read in one sitting, and the check notices when one does not."""

from pathlib import Path

from tests.architecture.sources import ROOT
from tools.check_sizes import MAX_PYTHON_LINES, MAX_README_LINES, find_problems


def test_no_file_is_too_long_and_every_top_folder_introduces_itself() -> None:
    assert find_problems(ROOT) == []


def test_a_long_file_a_long_readme_and_a_missing_one_are_found(tmp_path: Path) -> None:
    room = tmp_path / "src" / "glassworks" / "room"
    for folder in (room, tmp_path / "tests"):
        folder.mkdir(parents=True)
    (room / "at_the_limit.py").write_text("x = 1\n" * MAX_PYTHON_LINES, encoding="utf-8")
    (room / "long.py").write_text("x = 1\n" * (MAX_PYTHON_LINES + 1), encoding="utf-8")
    (room / "README.md").write_text("line\n" * (MAX_README_LINES + 1), encoding="utf-8")

    problems = find_problems(tmp_path)

    assert [problem.split()[0] for problem in problems] == [
        "src/glassworks/room/long.py",
        "src/glassworks/room/README.md",
        "tests/README.md",
    ]
