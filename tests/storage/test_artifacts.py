"""Artifacts: named by content, complete or not there, damage found in words and mended by publishing again."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.engine.gc import collect_garbage
from glassworks.specs.artifact import MANIFEST
from glassworks.storage.artifacts import ArtifactStore
from glassworks.storage.store import open_store
from tests.processes import kill_again_and_again, kill_at_every_call

Damage = Callable[[Path], None]


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    (folder / "sub").mkdir(parents=True)
    (folder / "one.txt").write_text("one")
    (folder / "sub" / "two.bin").write_bytes(bytes(range(256)) * 40)
    return folder


def test_what_is_published_lies_there_with_its_manifest(store: ArtifactStore, folder: Path) -> None:
    manifest = store.publish_folder("dataset", folder, {"documents": 2})
    path = store.path(manifest.id)
    assert (path / "sub" / "two.bin").read_bytes() == (folder / "sub" / "two.bin").read_bytes()
    assert path.parent.name == manifest.id[:2]
    assert store.manifest(manifest.id) == manifest
    assert (manifest.kind, manifest.summary) == ("dataset", {"documents": 2})
    assert manifest.size_bytes == 3 + 256 * 40
    assert list(store.ids()) == [manifest.id]
    assert store.verify(manifest.id) == []
    assert store.quick_damage(manifest.id) == ""


def test_the_id_depends_on_kind_and_content_alone(store: ArtifactStore, folder: Path) -> None:
    names = ["one.txt", "sub/two.bin"]
    forward = store.publish("dataset", {n: folder / n for n in names}, {})
    backward = store.publish("dataset", {n: folder / n for n in reversed(names)}, {"other": 1})
    assert forward.id == backward.id
    assert store.publish("tokens", {n: folder / n for n in names}, {}).id != forward.id
    renamed = {"uno.txt": folder / "one.txt", "sub/two.bin": folder / "sub/two.bin"}
    assert store.publish("dataset", renamed, {}).id != forward.id


def test_the_same_content_twice_is_one(store: ArtifactStore, folder: Path) -> None:
    first = store.publish_folder("dataset", folder, {})
    inode = (store.path(first.id) / "one.txt").stat().st_ino
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    assert store.publish_folder("dataset", copy, {}).id == first.id
    assert (store.path(first.id) / "one.txt").stat().st_ino == inode
    assert len(list(store.ids())) == 1
    assert list(store.leftovers()) == []


def test_the_published_cannot_be_written_by_accident(store: ArtifactStore, folder: Path) -> None:
    manifest = store.publish_folder("dataset", folder, {})
    assert (store.path(manifest.id) / "one.txt").stat().st_mode & 0o222 == 0


def truncate(folder: Path) -> None:
    file = folder / "sub" / "two.bin"
    file.write_bytes(file.read_bytes()[:-1])


def flip_bit(folder: Path) -> None:
    file = folder / "sub" / "two.bin"
    data = bytearray(file.read_bytes())
    data[1234] ^= 1
    file.write_bytes(data)


def take_away(folder: Path) -> None:
    (folder / "one.txt").unlink()


def add(folder: Path) -> None:
    (folder / "sub" / "three.txt").write_text("")


def lose_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def tear_manifest(folder: Path) -> None:
    file = folder / MANIFEST
    file.write_text(file.read_text()[:-5])


def swap_manifest(folder: Path) -> None:
    """A sound manifest, of other content than the folder's name says."""
    file = folder / MANIFEST
    file.write_text(file.read_text().replace('"kind": "dataset"', '"kind": "tokens"'))


DAMAGES: list[tuple[Damage, str, bool]] = [
    (truncate, "sub/two.bin has 10239 bytes instead of 10240", True),
    (flip_bit, "sub/two.bin has other bytes than when it was made", False),
    (take_away, "one.txt is missing", True),
    (add, "sub/three.txt does not belong to it", True),
    (lose_manifest, "its manifest is missing", True),
    (tear_manifest, "cannot be read", True),
    (swap_manifest, "its manifest names other content than its folder", False),
]


@pytest.mark.parametrize(("damage", "words", "is_seen_at_a_glance"), DAMAGES)
def test_damage_is_told_and_mended_by_publishing_again(
    store: ArtifactStore, folder: Path, damage: Damage, words: str, is_seen_at_a_glance: bool
) -> None:
    name = store.publish_folder("dataset", folder, {}).id
    shutil.copytree(folder, source := folder.with_name("source"))
    unlink_from(store.folder(name))
    damage(store.folder(name))

    problems = store.verify(name)
    assert len(problems) == 1
    assert words in problems[0]
    assert bool(store.quick_damage(name)) is is_seen_at_a_glance

    assert store.publish_folder("dataset", source, {}).id == name
    assert store.verify(name) == []
    assert sorted(p.name for p in store.path(name).rglob("*") if p.is_file()) == [
        MANIFEST,
        "one.txt",
        "two.bin",
    ]


def unlink_from(folder: Path) -> None:
    """Give the artifact files of its own: it shares its bytes with the folder that it was made from."""
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        data = file.read_bytes()
        file.unlink()
        file.write_bytes(data)


def test_what_is_not_there_is_told(store: ArtifactStore) -> None:
    unknown = "0" * 64
    assert not store.has(unknown)
    assert store.quick_damage(unknown) == "artifact 000000000000 is no longer in the store"
    for ask in (store.path, store.manifest, store.verify):
        with pytest.raises(NotFound, match="is not in the store") as caught:
            ask(unknown)
        assert caught.value.code == "artifact-missing"


@pytest.mark.parametrize("text", ["", "../../etc", "ABC", "0" * 63, "g" * 64])
def test_what_is_no_id_never_becomes_a_path(store: ArtifactStore, text: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        store.has(text)
    assert caught.value.code == "bad-artifact-id"


def test_nothing_makes_no_artifact(store: ArtifactStore, tmp_path: Path) -> None:
    (empty := tmp_path / "empty").mkdir()
    with pytest.raises(InvalidSpec) as caught:
        store.publish_folder("dataset", empty, {})
    assert caught.value.code == "empty-artifact"
    assert not store.root.exists()


def test_a_damaged_manifest_is_bad_data(store: ArtifactStore, folder: Path) -> None:
    name = store.publish_folder("dataset", folder, {}).id
    tear_manifest(store.folder(name))
    with pytest.raises(BadData) as caught:
        store.manifest(name)
    assert caught.value.code == "artifact-damaged"


def test_delete_takes_all_of_it(store: ArtifactStore, folder: Path) -> None:
    name = store.publish_folder("dataset", folder, {}).id
    store.delete(name)
    store.delete(name)
    assert not store.has(name)
    assert list(store.leftovers()) == []
    assert (folder / "one.txt").read_text() == "one"


PUBLISH_FOREVER = """
    import sys
    from pathlib import Path
    from glassworks.storage.store import open_store
    store, folder = open_store(Path(sys.argv[2])), Path(sys.argv[3])

    def work(kill):
        number = kill * 10_000
        while True:
            number += 1
            for name in ("a", "b", "c"):
                (folder / name).unlink(missing_ok=True)
                (folder / name).write_bytes(f"{number}{name}".encode() * 30_000)
            made = store.artifacts.publish_folder("dataset", folder, {"number": number})
            if number % 2:
                store.artifacts.delete(made.id)

    def check():
        assert all(store.artifacts.verify(name) == [] for name in store.artifacts.ids())
"""


def test_a_writer_that_is_killed_leaves_complete_artifacts_and_leftovers_that_go(
    tmp_path: Path,
) -> None:
    store = open_store(tmp_path / "store")
    (folder := tmp_path / "made").mkdir()
    (first := tmp_path / "first").write_text("first")
    store.artifacts.publish("dataset", {"first": first}, {})
    kill_again_and_again(PUBLISH_FOREVER, 12, store.root, folder)

    names = set(store.artifacts.ids())
    report = collect_garbage(store, spared_s=0)
    assert set(report.artifacts) == names, "no run uses them"
    rest = [path for path in store.artifacts.root.rglob("*") if path.is_file() or "." in path.name]
    assert rest == []


def test_publishing_may_be_killed_at_any_call(tmp_path: Path) -> None:
    """Every artifact that is there is complete; what is not can be published again and cleaned away."""
    store = open_store(tmp_path / "store")
    kill_at_every_call(
        """
        import sys
        from pathlib import Path
        from glassworks.storage.store import open_store
        store, folder = open_store(Path(sys.argv[1])), Path(sys.argv[2])
        folder.mkdir()
        old, new = folder / "old", folder / "new"
        old.write_text("old")
        new.write_text("new")
        damaged = store.artifacts.publish("dataset", {"a": old}, {}).id
        store.artifacts.publish("dataset", {"a": new}, {})  # so that each round finds the same folders

        def prepare():
            file = store.artifacts.folder(damaged) / "a"
            if file.exists():
                file.unlink()
                file.write_text("odl")
            for artifact in store.artifacts.ids():
                if artifact != damaged:
                    store.artifacts.delete(artifact)

        def work():
            store.artifacts.publish("dataset", {"a": new}, {})
            (folder / "again").write_text("old")
            store.artifacts.publish("dataset", {"a": folder / "again"}, {})

        def check():
            (folder / "again").unlink(missing_ok=True)
            for artifact in store.artifacts.ids():
                problems = store.artifacts.verify(artifact)
                is_old = problems == ["a has other bytes than when it was made"]
                assert not problems or (artifact == damaged and is_old), problems
        """,
        store.root,
        tmp_path / "made",
    )
    assert len(list(store.artifacts.ids())) == 2
    assert all(store.artifacts.verify(artifact) == [] for artifact in store.artifacts.ids())
    collect_garbage(store, spared_s=0)
    assert [path for path in store.artifacts.root.rglob("*") if len(path.name) > 2] == []
