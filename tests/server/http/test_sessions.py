"""Signing in: keys work once, sessions end when they end, and what changes something carries the session's token."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from tests.server.house import House

LONG_AGO = (datetime.now(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_key_signs_in_once(house: House) -> None:
    key = house.new_key()
    with house.guest() as guest:
        answer = guest.post("/api/session", json={"key": key})
        assert answer.status_code == 201
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("glassworks_")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        session = guest.get("/api/session").json()
        assert session["user"]["id"] == "local"
        assert session["csrf_token"] == answer.json()["csrf_token"]
    with house.guest() as another:
        again = another.post("/api/session", json={"key": key})
        assert (again.status_code, again.json()["code"]) == (401, "bad-sign-in-key")


def test_an_answer_comes_after_what_it_says_is_stored(house: House) -> None:
    for _ in range(20):
        assert house.sign_in().get("/api/session").status_code == 200


def test_of_many_who_come_at_once_with_a_key_one_gets_in(house: House) -> None:
    key = house.new_key()
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: house.guest().post("/api/session", json={"key": key}), range(8))
        )
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7


def test_a_key_lasts_ten_minutes(house: House) -> None:
    key = house.new_key()
    change(house, "UPDATE sign_in_key SET expires_at = ?", LONG_AGO)
    with house.guest() as guest:
        assert guest.post("/api/session", json={"key": key}).status_code == 401


def test_a_session_lasts_until_it_expires(house: House) -> None:
    browser = house.sign_in()
    assert browser.get("/api/session").status_code == 200
    change(house, "UPDATE session SET expires_at = ?", LONG_AGO)
    assert browser.get("/api/session").status_code == 401


def test_neither_keys_nor_cookies_are_stored(house: House) -> None:
    key = house.new_key()
    browser = house.sign_in()
    secret = next(iter(browser.cookies.values()))
    with sqlite3.connect(house.home / "glassworks.db") as connection:
        stored = "\n".join(connection.iterdump())
    assert key not in stored
    assert secret not in stored
    assert house.token not in stored


def test_signing_out_ends_the_session(house: House) -> None:
    browser = house.sign_in()
    cookies = dict(browser.cookies)
    assert browser.delete("/api/session").status_code == 204
    assert dict(browser.cookies) == {}
    browser.cookies.update(cookies)  # as a thief who kept the cookie would
    assert browser.get("/api/session").status_code == 401


def test_what_changes_something_needs_the_token_of_the_session(house: House) -> None:
    browser = house.sign_in()
    other = house.sign_in()
    del browser.headers["X-CSRF-Token"]
    for headers in ({}, {"X-CSRF-Token": other.headers["X-CSRF-Token"]}, {"X-CSRF-Token": ""}):
        answer = browser.patch("/api/me", json={"name": "Thief"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad-csrf-token")
    assert browser.get("/api/session").json()["user"]["name"] != "Thief"


def test_the_commands_token_needs_no_csrf_token(house: House) -> None:
    assert house.api.patch("/api/me", json={"preferences": {}}).status_code == 200


def test_only_the_commands_token_makes_links(house: House) -> None:
    browser = house.sign_in()
    answer = browser.post("/api/session/links")
    assert (answer.status_code, answer.json()["code"]) == (403, "token-needed")


def test_server_json_is_for_its_owner_only(house: House) -> None:
    assert (house.home / "server.json").stat().st_mode & 0o777 == 0o600


def change(house: House, statement: str, value: str) -> None:
    with sqlite3.connect(house.home / "glassworks.db", timeout=15) as connection:
        connection.execute(statement, (value,))
