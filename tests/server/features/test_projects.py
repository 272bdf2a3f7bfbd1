"""Projects: made once, renamed and deleted only while empty."""

from concurrent.futures import ThreadPoolExecutor

from tests.server.house import House


def test_a_project_is_made_renamed_and_deleted(house: House) -> None:
    made = house.api.post("/api/projects", json={"name": "sonnets"})
    assert made.status_code == 201
    assert made.json().items() >= {"name": "sonnets", "num_runs": 0, "num_items": 0}.items()
    renamed = house.api.patch("/api/projects/sonnets", json={"name": "odes"})
    assert renamed.json()["name"] == "odes"
    names = [project["name"] for project in house.api.get("/api/projects").json()["items"]]
    assert names[0] == "default" and "odes" in names and "sonnets" not in names
    assert house.api.delete("/api/projects/odes").status_code == 204
    assert house.api.delete("/api/projects/odes").json()["code"] == "project-not-found"


def test_names_are_names_and_unique(house: House) -> None:
    for name in ("", "Großes", "a/b", "..", "x" * 64):
        assert house.api.post("/api/projects", json={"name": name}).json()["code"] == "bad-name"
    assert house.api.post("/api/projects", json={"name": "default"}).json()["code"] == (
        "project-exists"
    )


def test_what_holds_something_keeps_its_name(full_house: House) -> None:
    for answer in (
        full_house.api.patch("/api/projects/odes", json={"name": "x"}),
        full_house.api.delete("/api/projects/odes"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "project-not-empty")
    assert full_house.api.delete("/api/projects/default").json()["code"] == "project-needed"


def test_the_counts_are_those_of_the_store(full_house: House) -> None:
    projects = full_house.api.get("/api/projects").json()["items"]
    counts = {p["name"]: (p["num_runs"], p["num_items"]) for p in projects}
    assert counts["default"] == (1, 2)
    assert counts["odes"] == (0, 1)


def test_only_what_was_seen_is_changed(house: House) -> None:
    seen = house.api.post("/api/projects", json={"name": "seen"}).json()["etag"]
    stale = house.api.patch(
        "/api/projects/seen", json={"name": "x"}, headers={"If-Match": '"another"'}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-meanwhile")
    fresh = house.api.patch(
        "/api/projects/seen", json={"name": "renamed"}, headers={"If-Match": f'"{seen}"'}
    )
    assert fresh.status_code == 200
    assert house.api.delete("/api/projects/renamed").status_code == 204


def test_the_same_key_creates_once(house: House) -> None:
    key = {"Idempotency-Key": "make-it-once"}
    first = house.api.post("/api/projects", json={"name": "once"}, headers=key)
    second = house.api.post("/api/projects", json={"name": "once"}, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = house.api.post("/api/projects", json={"name": "twice"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "key-reused")
    assert house.api.delete("/api/projects/once").status_code == 204


def test_many_at_once_with_the_same_key_create_once(house: House) -> None:
    key = {"Idempotency-Key": "all-at-once"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: house.api.post("/api/projects", json={"name": "crowd"}, headers=key),
                range(8),
            )
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert house.api.delete("/api/projects/crowd").status_code == 204


def test_many_at_once_without_a_key_make_one_project(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: house.api.post("/api/projects", json={"name": "one"}), range(8))
        )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert house.api.delete("/api/projects/one").status_code == 204
