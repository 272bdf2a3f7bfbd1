"""Items in pages and in full, also when what they point to is gone."""

import shutil

from tests.server.features.conftest import store_of
from tests.server.house import House


def test_the_items_of_a_project_at_their_latest_version(full_house: House) -> None:
    page = full_house.api.get("/api/items").json()
    assert [(i["kind"], i["name"], i["version"]) for i in page["items"]] == [
        ("dataset", "plays", 2),
        ("tokenizer", "bard", 1),
    ]
    assert (page["total"], page["next"]) == (2, None)
    assert page["items"][0]["is_present"] is True


def test_by_kind_and_project(full_house: House) -> None:
    def names(**query: str) -> list[str]:
        page = full_house.api.get("/api/items", params=query).json()
        return [item["name"] for item in page["items"]]

    assert names(kind="tokenizer") == ["bard"]
    assert names(project="odes") == ["odes"]
    assert names(project="nothing") == []
    assert full_house.api.get("/api/items?kind=soup").status_code == 422


def test_page_after_page_each_item_comes_once(full_house: House) -> None:
    names, after = [], None
    while True:
        query = {"limit": 1, **({"after": after} if after else {})}
        page = full_house.api.get("/api/items", params=query).json()
        names += [item["name"] for item in page["items"]]
        assert page["total"] == 2
        after = page["next"]
        if after is None:
            break
    assert names == ["plays", "bard"]


def test_an_item_in_full(full_house: House) -> None:
    item = full_house.api.get("/api/items/dataset/plays").json()
    assert [version["number"] for version in item["versions"]] == [2, 1]
    assert item["versions"][1]["size_bytes"] == len("one")
    assert item["aliases"] == {}
    assert full_house.api.get("/api/items/dataset/nobody").json()["code"] == "item-not-found"


def test_an_item_whose_artifact_is_gone_says_so(full_house: House) -> None:
    store = store_of(full_house)
    item = store.items.get("tokenizer", "bard")
    folder = store.artifacts.folder(item.latest.artifact)
    shutil.move(folder, store.root / "elsewhere")
    shown = full_house.api.get("/api/items/tokenizer/bard").json()
    shutil.move(store.root / "elsewhere", folder)
    assert (shown["is_present"], shown["summary"]) == (False, {})
