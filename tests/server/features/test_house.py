"""The house itself: machine, storage, the person, notices."""

import os
import sqlite3
from importlib.metadata import version

import psutil

from tests.conftest import MACHINE
from tests.engine.stores import make_artifact
from tests.server.features.conftest import store_of
from tests.server.house import House


def test_the_machine_as_it_was_measured_and_as_it_is_now(house: House) -> None:
    view = house.api.get("/api/machine").json()
    assert view["machine"]["hostname"] == MACHINE.hostname
    assert view["now"]["memory_total_bytes"] == psutil.virtual_memory().total
    assert 0 < view["now"]["disk_free_bytes"] <= view["now"]["disk_total_bytes"]
    assert view["versions"]["torch"] == version("torch")


def test_a_machine_that_was_not_measured_is_null(house: House) -> None:
    file = house.home / "machine.json"
    text = file.read_text()
    for broken in (None, "{"):
        file.unlink() if broken is None else file.write_text(broken)
        assert house.api.get("/api/machine").json()["machine"] is None
    file.write_text(text)


def test_the_server_never_loads_the_model_tower(house: House) -> None:
    """After every kind of question, its memory maps hold none of the heavy libraries."""
    house.api.get("/api/catalog")
    house.api.get("/api/machine")
    maps = [mapped.path for mapped in psutil.Process(house.said["pid"]).memory_maps()]
    assert any("sqlite" in path for path in maps)
    heavy = ("libtorch", "numpy", "arrow", "tokenizers")
    assert [path for path in maps if any(name in path for name in heavy)] == []


def test_storage_counts_and_cleans(full_house: House) -> None:
    store = store_of(full_house)
    before = full_house.api.get("/api/storage").json()
    assert before["store_path"] == str(store.root)
    assert before["artifacts"]["count"] == len(list(store.artifacts.ids()))
    assert before["runs"]["count"] == 2
    assert before["reclaimable"] == {"count": 0, "bytes": 0}
    unused = make_artifact(store, "dataset", "nobody needs this")
    os.utime(store.artifacts.path(unused), (0, 0))

    after = full_house.api.get("/api/storage").json()
    assert after["reclaimable"]["count"] == 1
    report = full_house.api.post("/api/storage/clean").json()
    assert report == {"removed": 1, "freed_bytes": after["reclaimable"]["bytes"]}
    assert not store.artifacts.has(unused)


def test_asking_about_storage_keeps_nobody_from_running(full_house: House) -> None:
    store = store_of(full_house)
    with store.in_use():
        assert full_house.api.get("/api/storage").json()["reclaimable"] is not None
        busy = full_house.api.post("/api/storage/clean")
    assert (busy.status_code, busy.json()["code"]) == (409, "store-busy")


def test_the_index_is_rebuilt_while_the_server_runs(full_house: House) -> None:
    with sqlite3.connect(full_house.home / "glassworks.db", timeout=15) as connection:
        connection.execute("DELETE FROM run")
        connection.execute("DELETE FROM item")
    assert full_house.api.get("/api/runs").json()["total"] == 0
    found = full_house.api.post("/api/storage/reindex").json()
    assert found == {"runs": 2, "items": 3, "projects": 2, "unreadable": []}
    assert full_house.api.get("/api/runs").json()["total"] == 1


def test_who_i_am_and_how_i_like_it(house: House) -> None:
    browser = house.sign_in()
    changed = browser.patch("/api/me", json={"persona": "learner", "preferences": {"a": 1, "b": 2}})
    assert changed.json()["persona"] == "learner"
    merged = browser.patch("/api/me", json={"preferences": {"a": None, "c": 3}}).json()
    assert merged["preferences"] == {"b": 2, "c": 3}
    assert merged["persona"] == "learner"
    skipped = browser.patch("/api/me", json={"persona": None}).json()
    assert skipped["persona"] is None
    assert browser.get("/api/session").json()["user"] == skipped
    assert browser.patch("/api/me", json={"persona": "king"}).status_code == 422
    large = browser.patch("/api/me", json={"preferences": {"x": "y" * 40_000}})
    assert large.json()["code"] == "preferences-too-large"
    assert browser.get("/api/session").json()["user"] == skipped
    browser.patch("/api/me", json={"preferences": {"b": None, "c": None}})


def test_notices_newest_first_and_read(house: House) -> None:
    insert = (
        "INSERT INTO notice (time, project, kind, run, title, text, is_read) "
        "VALUES ('t', 'default', 'done', 'r1', ?, '', 0)"
    )
    with sqlite3.connect(house.home / "glassworks.db", timeout=15) as connection:
        connection.executemany(insert, [("one",), ("two",), ("three",)])
    page = house.api.get("/api/notices?limit=2").json()
    assert [notice["title"] for notice in page["items"]] == ["three", "two"]
    assert (page["total"], page["num_unread"]) == (3, 3)
    rest = house.api.get("/api/notices", params={"after": page["next"]}).json()
    assert [notice["title"] for notice in rest["items"]] == ["one"]

    some = house.api.post("/api/notices/read", json={"ids": [rest["items"][0]["id"]]})
    assert some.json() == {"num_unread": 2}
    assert house.api.post("/api/notices/read", json={"all": True}).json() == {"num_unread": 0}
