"""What every request passes: names and origins, headers, limits, problems, the log."""

import re
import socket
import time
from typing import Any

import pytest

from tests.server.house import House

ID = re.compile(r"[0-9a-z]{9}")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.4", ""])
def test_a_foreign_host_is_refused(house: House, host: str) -> None:
    answer = house.api.get("/api/projects", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-host")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9000", "localhost:1", "[::1]:8400"])
def test_any_port_of_a_tunnel_is_fine(house: House, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert house.api.get("/api/projects", headers=headers).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "x"])
def test_a_foreign_origin_is_refused(house: House, origin: str) -> None:
    answer = house.api.get("/api/projects", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")


@pytest.mark.parametrize(
    "path", ["/", "/api/projects", "/healthz", "/api/nothing", "/docs/errors/x"]
)
def test_every_answer_has_the_headers(house: House, path: str) -> None:
    headers = house.api.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert ID.fullmatch(headers["X-Request-Id"])
    assert "server" not in headers


def test_a_long_body_is_refused_before_it_is_read(house: House) -> None:
    answer = house.api.post("/api/projects", content=b"x" * (1 << 20 | 1))
    assert (answer.status_code, answer.json()["code"]) == (429, "body-too-long")


def test_a_body_of_unknown_length_is_refused(house: House) -> None:
    answer = house.api.post("/api/projects", content=iter([b'{"name": "drip"}']))
    assert (answer.status_code, answer.json()["code"]) == (429, "body-too-long")


def test_a_request_that_cannot_be_right_names_the_field(house: House) -> None:
    answer = house.api.post("/api/projects", json={"name": 7, "more": 1})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["where"]) == (
        422,
        "invalid-request",
        "body.name",
    )
    assert problem["type"] == "/docs/errors/invalid-request"
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert "(and 1 more)" in problem["title"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "no-such-address"),
        ("PUT", "/api/projects", 405, "method-not-allowed"),
        ("GET", "/api/items?after=nonsense", 422, "bad-page-cursor"),
        ("GET", "/api/items?limit=100000", 422, "invalid-request"),
        ("POST", "/api/projects", 422, "invalid-request"),
    ],
)
def test_whatever_is_wrong_is_a_problem(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    answer = house.api.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_every_problem_leads_to_its_page(house: House) -> None:
    problem = house.api.get("/api/recipes/nothing").json()
    page = house.guest().get(problem["type"])
    assert page.status_code == 200
    assert "What to do." in page.text
    elsewhere = house.guest().get("/docs/errors/..%2F..%2FREADME")
    assert "references" not in elsewhere.text.lower()


def test_requests_are_logged_without_their_query(house: House) -> None:
    answer = house.api.get("/api/items", params={"project": "secret-project"})
    line = find_line(house, answer.headers["X-Request-Id"])
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/items", 200)
    assert line["duration_s"] >= 0
    assert "secret-project" not in (house.home / "logs" / "server.jsonl").read_text()


def test_figures_are_counted_by_route(house: House) -> None:
    house.api.get("/api/items/model/nobody")
    text = house.api.get("/metrics").text
    assert 'glassworks_requests_total{method="GET",route="/api/items/{kind}/{name}"' in text
    assert "glassworks_live_viewers 0.0" in text
    assert "glassworks_request_seconds_bucket" in text


def test_health_needs_no_credentials(house: House) -> None:
    assert house.guest().get("/healthz").json() == {"status": "ok"}


def test_garbage_on_the_port_harms_nobody(house: House) -> None:
    host, port = house.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(b"\x16\x03\x01 not http at all\r\n\r\n")
        connection.recv(100)
    assert house.api.get("/healthz").status_code == 200


def find_line(house: House, request_id: str) -> dict[str, Any]:
    """The log line of a request, which is written just after its answer."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for line in house.log():
            if line.get("request_id") == request_id:
                return line
        time.sleep(0.05)
    raise AssertionError("the request was not logged")
