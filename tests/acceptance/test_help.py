"""Every command explains itself, with examples."""

import pytest

from glassworks.cli.main import COMMANDS, command_name
from tests.acceptance.house import House

NAMES = sorted(command_name(file) for file in COMMANDS.glob("*.py") if file.stem != "__init__")


@pytest.mark.parametrize("name", NAMES)
def test_help_of_each_command(trained: House, name: str) -> None:
    done = trained.run(*name.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"glassworks {name}" in done.stdout and "Examples:" in done.stdout


def test_the_overview_names_them_all(trained: House) -> None:
    done = trained.run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {name} " in done.stdout for name in NAMES)
