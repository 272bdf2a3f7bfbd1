"""Locks hold between processes and within one, and go when their holder dies."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from glassworks.common.errors import Conflict
from glassworks.storage.locks import exclusive, is_held, shared
from glassworks.storage.store import open_store
from tests.processes import start_python

BUSY = Conflict("busy", "Someone has it.")
HOLD = """
    import sys, time
    from pathlib import Path
    from glassworks.common.errors import Conflict
    from glassworks.storage import locks
    with getattr(locks, sys.argv[2])(Path(sys.argv[1]), Conflict("busy", "")):
        print("held", flush=True)
        time.sleep(600)
"""


def test_one_alone_or_many_together(tmp_path: Path) -> None:
    lock = tmp_path / "deep" / "lock"
    assert not is_held(lock)
    with exclusive(lock, BUSY):
        assert is_held(lock)
        for take in (exclusive, shared):
            with pytest.raises(Conflict) as caught, take(lock, BUSY):
                pass
            assert caught.value is BUSY
    with shared(lock, BUSY), shared(lock, BUSY):
        assert not is_held(lock)
        with pytest.raises(Conflict), exclusive(lock, BUSY):
            pass
    with exclusive(lock, BUSY):
        pass


@pytest.mark.parametrize("how", ["exclusive", "shared"])
def test_a_lock_goes_with_its_holder(tmp_path: Path, how: str) -> None:
    lock = tmp_path / "lock"
    process = start_python(HOLD, lock, how)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(Conflict), exclusive(lock, BUSY):
        pass
    process.kill()
    process.communicate()
    with exclusive(lock, BUSY):
        pass


def test_a_lock_that_is_held_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking whether a lock is held takes it for a moment: that must cost nobody the lock."""
    lock = tmp_path / "lock"
    asker = ExitStack()
    asker.enter_context(shared(lock, BUSY))
    monkeypatch.setattr(time, "sleep", lambda _: asker.close())
    with exclusive(lock, BUSY):
        assert is_held(lock)


def test_who_runs_something_and_who_cleans_exclude_each_other(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    gc_waits = pytest.raises(Conflict, match="Something is running")
    with store.in_use(), store.in_use(), gc_waits, store.alone():
        pass
    work_waits = pytest.raises(Conflict, match="being cleaned up")
    with store.alone(), work_waits, store.in_use():
        pass
