"""What a stage's error is called: a full disk in the words of SQLite, which several stages write with."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from glassworks.worker.failures import as_error

LIMITED = """
import resource, signal, sqlite3, sys
from pathlib import Path
from glassworks.worker.failures import as_error

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
db = sqlite3.connect(sys.argv[1])
try:
    db.execute("CREATE TABLE rows AS SELECT zeroblob(1000000)")
    db.commit()
except sqlite3.Error as error:
    print(as_error(error, Path(sys.argv[1]).parent).code)
"""


def test_a_database_that_is_full(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "some.sqlite")
    db.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError, match="is full") as failed:
        db.execute("CREATE TABLE rows AS SELECT zeroblob(1000000)")
    db.close()
    assert as_error(failed.value, tmp_path).code == "disk-full"


def test_a_database_under_a_size_limit_on_files(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "some.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "disk-full"


def test_another_error_of_a_database(tmp_path: Path) -> None:
    db = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="no such table") as failed:
        db.execute("SELECT * FROM nowhere")
    db.close()
    assert as_error(failed.value, tmp_path).code == "stage-crashed"
