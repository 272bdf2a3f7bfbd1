"""A model that writes: in the terminal piece by piece, for programs one object a line, and from Python."""

import json
import subprocess
import sys

from tests.acceptance.house import LIMIT_S, House

NUM = 100
FROM_PYTHON = """
import json, sys
import glassworks as gw
with gw.load("tiny") as model:
    print(json.dumps(model.generate("the", max_tokens=5, seed=3)))
assert "torch" not in sys.modules
"""


def test_generate_streams_one_object_a_line(house: House) -> None:
    words = ["generate", "tiny", "the", "--max-tokens", "8", "--seed", "3", "--num", str(NUM)]
    with house.start(*words, "--json") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert process.poll() is None, "the first piece comes long before the last"
        rest = process.stdout.readlines()
        assert process.wait(LIMIT_S) == 0
    objects = [json.loads(line) for line in [first, *rest]]
    whole = [thing for thing in objects if "text" in thing]
    assert [thing["index"] for thing in whole] == list(range(NUM))
    for thing in whole[:3]:
        pieces = [o["piece"] for o in objects if o["index"] == thing["index"] and "piece" in o]
        assert "".join(pieces) == thing["text"]


def test_python_and_the_command_line_write_the_same(house: House) -> None:
    said = house.must("generate", "tiny", "the", "--max-tokens", "5", "--seed", "3")
    done = subprocess.run(
        [sys.executable, "-c", FROM_PYTHON],
        env=house.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == said["text"]
