"""A command while a server holds the home: the server drives what the command began, and both see the same run."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

from tests.processes import until
from tests.server.house import House, environment
from tests.server.jobs.counting import document, look


def glassworks(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from glassworks.cli.main import main; main()", *arguments],
        env=environment(house.home),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_command_hands_its_run_to_the_server_and_tells_how_it_ended(
    own_house: House, tmp_path: Path
) -> None:
    recipe = tmp_path / "counting.yaml"
    recipe.write_text(yaml.safe_dump({"format": 1, **document()}))
    with own_house as house:
        ran = glassworks(house, "run", str(recipe), "--json")
        assert ran.returncode == 0, ran.stderr
        said = json.loads(ran.stdout)
        assert said["state"] == "done"
        until(lambda: look(house, said["run"])["run"]["status"] == "done")
        lock = house.home / "store" / "runs" / said["run"] / "supervisor.lock"
        assert int(lock.read_text()) == house.process.pid
        again = glassworks(house, "resume", said["run"])
        assert (again.returncode, "nothing to resume" in again.stderr) == (2, True)
