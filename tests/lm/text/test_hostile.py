"""Each hostile file is refused with a clear error, in bounded memory, and leaves nothing behind."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.lm.text.hostile import HOSTILE

MEMORY_BYTES = 700 << 20
PROGRAM = """
import json, sys
from glassworks.common.errors import BadData
from glassworks.lm.data.sources.files import Files
try:
    config = Files.Config(path=sys.argv[1])
    for document in Files.read(config).documents:
        pass
    told = {"code": "", "message": document.text[:200]}
except BadData as error:
    told = {"code": error.code, "message": error.message, "hint": error.hint}
print(json.dumps(told))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_little_memory(name: str, tmp_path: Path) -> None:
    file_name, write, code = HOSTILE[name]
    inside, temporary = tmp_path / "inside", tmp_path / "temporary"
    inside.mkdir()
    temporary.mkdir()
    path = inside / file_name
    write(path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={"TMPDIR": str(temporary), "PYTHONPATH": ":".join(sys.path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES)),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["code"] == code, told
    assert file_name in told["message"]
    assert told["hint"]
    assert list(temporary.iterdir()) == []
    assert [one.name for one in inside.iterdir()] == [file_name]
    assert not (Path(tempfile.gettempdir()) / "was-run").exists()
