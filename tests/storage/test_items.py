"""Items: names that point to versions, never losing one when several commands write at once."""

import json
from pathlib import Path

import pytest

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.storage.items import ItemStore
from tests.processes import start_python


@pytest.fixture
def items(tmp_path: Path) -> ItemStore:
    return ItemStore(tmp_path / "items")


def test_versions_count_up_and_the_same_artifact_adds_none(items: ItemStore) -> None:
    first = items.add_version("model", "hamlet", "a" * 64, "r1", note="first")
    assert (first.number, first.run, first.note) == (1, "r1", "first")
    assert items.add_version("model", "hamlet", "b" * 64, "r2").number == 2
    assert items.add_version("model", "hamlet", "b" * 64, "r3").run == "r2"
    assert items.add_version("model", "hamlet", "a" * 64, "r4").number == 3
    item = items.get("model", "hamlet")
    assert [version.artifact[0] for version in item.versions] == ["a", "b", "a"]
    assert item.latest.number == 3


def test_names_are_unique_within_project_and_kind(items: ItemStore) -> None:
    items.add_version("model", "hamlet", "a" * 64, None)
    items.add_version("tokenizer", "hamlet", "b" * 64, None)
    items.add_version("model", "hamlet", "c" * 64, None, project="school")
    assert [item.kind for item in items.find("hamlet")] == ["tokenizer", "model"]
    assert [item.kind for item in items.find("hamlet", "school")] == ["model"]
    assert [item.project for item in items.all()] == ["default", "default", "school"]
    assert [item.project for item in items.all("school")] == ["school"]
    assert items.find_or_none("ophelia") is None
    assert items.find_or_none("no name at all") is None


@pytest.mark.parametrize("name", ["", "../up", "Two Words", "a/b", ".hidden", "ü", "x" * 64])
def test_what_cannot_be_a_name_never_becomes_a_path(items: ItemStore, name: str) -> None:
    for name_, project in ((name, "default"), ("hamlet", name)):
        with pytest.raises(InvalidSpec) as caught:
            items.add_version("model", name_, "a" * 64, None, project)
        assert caught.value.code == "bad-name"
    assert not items.root.exists()


def test_an_unknown_item_is_told(items: ItemStore) -> None:
    with pytest.raises(NotFound) as caught:
        items.get("model", "hamlet")
    assert caught.value.code == "item-not-found"
    assert caught.value.message == "There is no model called 'hamlet' in project 'default'."


def test_a_removed_version_s_number_never_names_another(items: ItemStore) -> None:
    for number, letter in enumerate("abc", start=1):
        assert items.add_version("dataset", "plays", letter * 64, f"r{number}").number == number
    path = items.root / "default" / "dataset" / "plays.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "aliases": {"old": 1, "best": 3}}))
    items.remove_versions("dataset", "plays", {3})
    assert items.get("dataset", "plays").latest.number == 2
    assert items.get("dataset", "plays").aliases == {"old": 1}
    assert items.add_version("dataset", "plays", "d" * 64, "r4").number == 4
    items.remove_versions("dataset", "plays", {1})
    item = items.get("dataset", "plays")
    assert ([version.number for version in item.versions], item.aliases) == ([2, 4], {})
    assert items.add_version("dataset", "plays", "e" * 64, "r5").number == 5


def test_with_its_last_version_an_item_is_gone(items: ItemStore) -> None:
    items.add_version("dataset", "plays", "a" * 64, None)
    items.remove_versions("dataset", "plays", {1})
    assert list(items.all()) == []
    with pytest.raises(NotFound):
        items.remove_versions("dataset", "plays", {1})


def test_an_item_of_an_older_version_counts_on(items: ItemStore) -> None:
    items.add_version("dataset", "plays", "a" * 64, None)
    path = items.root / "default" / "dataset" / "plays.json"
    document = json.loads(path.read_text())
    del document["last_number"]
    path.write_text(json.dumps(document))
    assert items.add_version("dataset", "plays", "b" * 64, None).number == 2


def test_aliases_survive_a_new_version(items: ItemStore) -> None:
    items.add_version("model", "hamlet", "a" * 64, None)
    path = items.root / "default" / "model" / "hamlet.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "aliases": {"champion": 1}}))
    items.add_version("model", "hamlet", "b" * 64, None)
    assert items.get("model", "hamlet").aliases == {"champion": 1}


def test_a_damaged_item_is_told_and_not_overwritten(items: ItemStore) -> None:
    items.add_version("model", "hamlet", "a" * 64, None)
    path = items.root / "default" / "model" / "hamlet.json"
    path.write_text(path.read_text()[:-3])
    with pytest.raises(BadData) as caught:
        items.add_version("model", "hamlet", "b" * 64, None)
    assert caught.value.code == "item-damaged"


def test_writers_at_the_same_time_lose_nothing(items: ItemStore) -> None:
    code = """
        import sys
        from pathlib import Path
        from glassworks.common.errors import Conflict
        from glassworks.storage.items import ItemStore
        items, writer, added = ItemStore(Path(sys.argv[1])), sys.argv[2], 0
        while added < 25:
            try:
                items.add_version("model", "hamlet", f"{writer}{added:x}".rjust(64, "0"), writer)
                added += 1
            except Conflict as busy:
                assert busy.code == "item-busy"
    """
    writers = [start_python(code, items.root, name) for name in "abc"]
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    versions = items.get("model", "hamlet").versions
    assert [version.number for version in versions] == list(range(1, 76))
    for name in "abc":
        theirs = [version.artifact for version in versions if version.run == name]
        assert theirs == [f"{name}{number:x}".rjust(64, "0") for number in range(25)]
