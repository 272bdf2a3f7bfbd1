"""Folders of uploads against a real server: files of any kind at their paths, broken off, refused, completed, removed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from glassworks.server.features.uploads.names import safe_path
from tests.server.house import House

Json = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("folders")) as one:
        yield one


@pytest.fixture()
def folder(house: House) -> Iterator[str]:
    answer = house.api.post("/api/upload-folders", json={"name": "kiln archive"})
    assert answer.status_code == 201, answer.text
    yield answer.json()["id"]
    house.api.delete(f"/api/upload-folders/{answer.json()['id']}")


def begin(house: House, folder: str, name: str, size_bytes: int) -> httpx.Response:
    body = {"name": name, "size_bytes": size_bytes, "folder": folder}
    return house.api.post("/api/uploads", json=body)


def send(house: House, folder: str, name: str, data: bytes) -> str:
    """A whole file, in two pieces. The upload's id."""
    upload: str = begin(house, folder, name, len(data)).json()["id"]
    half = len(data) // 2
    for offset, piece in ((0, data[:half]), (half, data[half:])):
        headers = {"Upload-Offset": str(offset)}
        house.api.put(f"/api/uploads/{upload}", content=piece, headers=headers).raise_for_status()
    body = {"sha256": hashlib.sha256(data).hexdigest()}
    house.api.post(f"/api/uploads/{upload}/complete", json=body).raise_for_status()
    return upload


def detail(house: House, folder: str) -> Json:
    found: Json = house.api.get(f"/api/upload-folders/{folder}").json()
    return found


def refused(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    code: str = answer.json()["code"]
    return code


def place(house: House, folder: str) -> Path:
    return house.home / "uploads" / folder / "text"


def test_files_of_any_kind_lie_at_their_paths(house: House, folder: str) -> None:
    files = {"manuals/AF-200.pdf": b"%PDF-1.4 \x00\xff", "shift logs/2023.txt": b"Furnace 2"}
    for name, data in files.items():
        send(house, folder, name, data)
    assert {name: (place(house, folder) / name).read_bytes() for name in files} == files
    assert [one["name"] for one in detail(house, folder)["files"]] == sorted(files)
    assert house.api.get("/api/uploads").json()["items"] == []


def test_a_file_that_broke_off_goes_on_after_a_restart(house: House, folder: str) -> None:
    upload = begin(house, folder, "a.txt", 10).json()["id"]
    house.api.put(f"/api/uploads/{upload}", content=b"01234", headers={"Upload-Offset": "0"})
    house.stop()
    house.start()
    assert house.api.head(f"/api/uploads/{upload}").headers["Upload-Offset"] == "5"
    assert (
        refused(house.api.post(f"/api/upload-folders/{folder}/complete"), 409)
        == "folder-not-complete"
    )
    house.api.put(f"/api/uploads/{upload}", content=b"56789", headers={"Upload-Offset": "5"})
    house.api.post(f"/api/uploads/{upload}/complete", json={}).raise_for_status()
    for _ in range(2):
        answer = house.api.post(f"/api/upload-folders/{folder}/complete")
        assert answer.json()["state"] == "complete"
    assert refused(begin(house, folder, "b.txt", 3), 409) == "folder-complete"


def expect(house: House, folder: str, sizes: dict[str, int]) -> httpx.Response:
    files = [{"name": name, "size_bytes": size} for name, size in sizes.items()]
    return house.api.post(f"/api/upload-folders/{folder}/expected", json={"files": files})


def test_what_was_announced_and_never_came_is_missing(house: House, folder: str) -> None:
    """A page that is closed in the middle leaves a folder that knows what it lacks, also after a restart."""
    expect(house, folder, {"a.txt": 3, "b/c.txt": 5}).raise_for_status()
    expect(house, folder, {"d.txt": 7}).raise_for_status()
    send(house, folder, "a.txt", b"abc")
    begin(house, folder, "d.txt", 7)
    house.stop()
    house.start()
    found = detail(house, folder)
    assert found["missing"] == [{"name": "b/c.txt", "size_bytes": 5}]
    assert (found["num_files"], found["num_open"], found["size_bytes"]) == (3, 2, 15)
    answer = house.api.post(f"/api/upload-folders/{folder}/complete")
    assert refused(answer, 409) == "folder-not-complete"
    expected = f"/api/upload-folders/{folder}/expected"
    left = house.api.delete(expected, params={"name": "b/c.txt"}).json()
    assert (left["missing"], left["num_open"]) == ([], 1)
    left = house.api.delete(expected).json()
    assert [one["name"] for one in left["files"]] == ["a.txt"]
    answer = house.api.post(f"/api/upload-folders/{folder}/complete")
    assert (answer.json()["state"], answer.json()["num_files"]) == ("complete", 1)
    assert refused(expect(house, folder, {"e.txt": 1}), 409) == "folder-complete"


def test_one_file_is_left_out_whole_or_not(house: House, folder: str) -> None:
    expected = f"/api/upload-folders/{folder}/expected"
    send(house, folder, "a.txt", b"abc")
    expect(house, folder, {"a.txt": 3, "b.txt": 3}).raise_for_status()
    left = house.api.delete(expected, params={"name": "a.txt"}).json()
    assert (left["files"], [one["name"] for one in left["missing"]]) == ([], ["b.txt"])
    assert not (place(house, folder) / "a.txt").exists()
    assert refused(expect(house, folder, {"../a.txt": 3}), 422) == "bad-file-name"
    assert refused(house.api.delete(expected, params={"name": ".."}), 422) == "bad-file-name"


def test_an_empty_file_may_lie_in_a_folder(house: House, folder: str) -> None:
    upload = begin(house, folder, "package/__init__.py", 0).json()["id"]
    house.api.post(f"/api/uploads/{upload}/complete", json={}).raise_for_status()
    answer = house.api.post("/api/uploads", json={"name": "a.txt", "size_bytes": 0})
    assert refused(answer, 422) == "empty-file"
    house.api.post(f"/api/upload-folders/{folder}/complete").raise_for_status()


def test_a_wrong_hash_sends_the_file_back_to_its_beginning(house: House, folder: str) -> None:
    upload = begin(house, folder, "a.txt", 3).json()["id"]
    house.api.put(f"/api/uploads/{upload}", content=b"abc", headers={"Upload-Offset": "0"})
    answer = house.api.post(f"/api/uploads/{upload}/complete", json={"sha256": "0" * 64})
    assert refused(answer, 422) == "wrong-hash"
    assert house.api.head(f"/api/uploads/{upload}").headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    "name", ["../outside.txt", "a/../../outside.txt", "..\\outside.txt", "/", "/".join("a" * 40)]
)
def test_no_path_leads_out(house: House, folder: str, name: str) -> None:
    assert refused(begin(house, folder, name, 3), 422) == "bad-file-name"


def test_a_leading_slash_is_inside(house: House, folder: str) -> None:
    send(house, folder, "/etc/passwd", b"text")
    assert (place(house, folder) / "etc/passwd").read_bytes() == b"text"


def test_a_name_is_taken_once(house: House, folder: str) -> None:
    upload = send(house, folder, "a/b.txt", b"text")
    assert refused(begin(house, folder, "a/b.txt", 3), 409) == "file-exists"
    assert refused(begin(house, folder, "a/b.txt/c.txt", 3), 409) == "file-exists"
    house.api.delete(f"/api/uploads/{upload}").raise_for_status()
    assert not (place(house, folder) / "a/b.txt").exists()
    send(house, folder, "a/b.txt", b"again")


def test_deleting_a_folder_leaves_nothing(house: House, folder: str) -> None:
    upload = send(house, folder, "a/b.txt", b"text")
    house.api.delete(f"/api/upload-folders/{folder}").raise_for_status()
    assert list((house.home / "uploads").iterdir()) == []
    assert refused(house.api.get(f"/api/uploads/{upload}"), 404) == "upload-not-found"
    assert refused(house.api.get(f"/api/upload-folders/{folder}"), 404) == "upload-not-found"


def test_only_a_folder_takes_files(house: House, folder: str) -> None:
    single = house.api.post("/api/uploads", json={"name": "a.txt", "size_bytes": 3}).json()["id"]
    assert refused(begin(house, single, "b.txt", 3), 404) == "upload-not-found"
    assert refused(begin(house, "0" * 16, "b.txt", 3), 404) == "upload-not-found"
    house.api.delete(f"/api/uploads/{single}").raise_for_status()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/notes/a.txt", "notes/a.txt"),
        ('poe\u0300me: "I"?.txt', "poème I.txt"),
        ("Screenshot 1.23.45\u202fPM.md", "Screenshot 1.23.45PM.md"),
        (" two  words .txt", "two  words .txt"),
    ],
)
def test_names_are_kept_as_the_pages_expect(name: str, kept: str) -> None:
    """The same examples as in `picked-files.test.ts`: the page knows a file again by the name that is kept."""
    assert safe_path(name) == kept
