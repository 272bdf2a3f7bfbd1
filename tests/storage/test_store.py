"""The store as a whole: its format, who may open it, and a disk without room."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from glassworks.common.errors import DiskFull, Forbidden, InvalidSpec
from glassworks.common.settings import Settings
from glassworks.specs.events import RunRenamed
from glassworks.specs.run import RunSpec
from glassworks.storage.states import write_state
from glassworks.storage.store import Store, open_home, open_store
from tests.processes import IS_ROOT, run_python, small_disk


def test_a_store_is_made_on_first_use_and_opened_after_that(tmp_path: Path) -> None:
    open_store(tmp_path / "deep" / "store")
    assert json.loads((tmp_path / "deep" / "store" / "format.json").read_text()) == {"store": 1}
    open_store(tmp_path / "deep" / "store")


@pytest.mark.parametrize("text", ['{"store": 2}', "{}", "[]", "", "{"])
def test_another_format_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "format.json").write_text(text)
    with pytest.raises(InvalidSpec) as caught:
        open_store(tmp_path)
    assert caught.value.code == "store-format"
    assert (tmp_path / "format.json").read_text() == text


def test_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = open_home(Settings(home=tmp_path / "home", store=tmp_path / "store"))
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Forbidden) as caught:
        open_home(Settings(home=tmp_path / "file" / "home", store=tmp_path / "store"))
    assert caught.value.code == "home-forbidden"


def test_a_store_of_someone_else_is_forbidden(tmp_path: Path) -> None:
    """As root, the test drops to a user without rights first: root may write everywhere."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    said = run_python(
        """
        import os, sys
        from pathlib import Path
        from glassworks.common.errors import Forbidden
        from glassworks.storage.store import open_store
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        try:
            open_store(Path(sys.argv[1]) / "store")
        except Forbidden as error:
            print(error.code)
        """,
        closed,
    )
    assert said == "store-forbidden"


def sources(folder: Path, num_bytes: int) -> dict[str, Path]:
    folder.mkdir(exist_ok=True)
    (folder / "weights").write_bytes(os.urandom(num_bytes))
    return {"weights": folder / "weights"}


def test_a_file_size_limit_stops_publishing_and_leaves_nothing(tmp_path: Path) -> None:
    """The limit on a process's files stands in for a full disk where no disk can be mounted (no root needed)."""
    said = run_python(
        """
        import resource, signal, sys
        from pathlib import Path
        from glassworks.common.errors import DiskFull
        from glassworks.specs.run import RunSpec
        from glassworks.storage import artifacts
        from glassworks.storage.store import open_store
        store, made = open_store(Path(sys.argv[1])), Path(sys.argv[2])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        made.write_bytes(bytes(200_000))
        made_small = made.with_name("small")
        made_small.write_bytes(bytes(100))
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
        real_link = artifacts.os.link
        def no_link(source, target):
            raise OSError(18, "as across disks: the bytes must be copied")
        artifacts.os.link = no_link
        for source in (made, made_small):
            try:
                print(store.artifacts.publish("dataset", {"weights": source}, {}).size_bytes)
            except DiskFull as error:
                print(error.code)
        big = RunSpec(id="r000000001", kind="stage", name="n" * 60_000, created_at="t", key="k")
        try:
            store.runs.create(big)
        except DiskFull as error:
            print(error.code)
        """,
        tmp_path / "store",
        tmp_path / "made",
    )
    assert said.split() == ["disk-full", "100", "disk-full"]
    store = Store(tmp_path / "store")
    assert list(store.artifacts.leftovers()) == []
    assert store.runs.all_folders() == []
    assert list(store.runs.leftovers()) == []


@pytest.mark.skipif(
    not IS_ROOT, reason="only root can mount a disk; the size limit is tested above"
)
def test_on_a_full_disk_nothing_is_lost_and_work_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "600k") as disk:
        store = open_store(disk / "store")
        run = store.runs.create(
            RunSpec(id="r000000001", kind="stage", name="n", created_at="t", key="k")
        )
        sound = store.artifacts.publish("dataset", sources(disk / "made", 50_000), {}).id
        write_state(run.path / "state", 1, lambda f: fill(f, 100_000), lambda _: None)
        item = store.items.add_version("dataset", "hamlet", sound, None)
        run.ledger.close()
        filler = disk / "filler"
        filler.write_bytes(bytes(os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))

        big = sources(tmp_path / "elsewhere", 200_000)
        attempts: list[Callable[[], object]] = [
            lambda: store.artifacts.publish("dataset", big, {}),
            lambda: write_state(run.path / "state", 2, lambda f: fill(f, 1000), lambda _: None),
            lambda: store.runs.create(run.spec().model_copy(update={"id": "r000000002"})),
            lambda: store.items.add_version("dataset", "hamlet", "b" * 64, None),
            lambda: run.record(*[RunRenamed(name="x" * 1000)] * 10),
        ]
        for attempt in attempts:
            with pytest.raises(DiskFull, match="There is no room left to write below"):
                attempt()
        assert store.artifacts.verify(sound) == []
        assert [path.name for path in (run.path / "state").iterdir()] == ["step-1"]
        assert store.items.get("dataset", "hamlet").versions == (item,)
        assert [found.id for found in store.runs.all()] == ["r000000001"]
        num_events = len(list(run.events()))

        filler.unlink()
        for attempt in attempts:
            attempt()
        assert len(list(run.events())) == num_events + 10
        run.ledger.close()


def fill(folder: Path, num_bytes: int) -> None:
    (folder / "weights").write_bytes(bytes(num_bytes))
