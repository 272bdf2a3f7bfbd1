"""The WebSocket is behind the same doors: Host, Origin, session, and it closes when the person signs out."""

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.server.house import House


def follow(house: House, origin: str | None = "own", **headers: str) -> ClientConnection:
    """A connection to the live stream; `own` is the server's own origin."""
    return connect(
        house.address.replace("http", "ws") + "/api/live",
        origin=house.address if origin == "own" else origin,  # type: ignore[arg-type]  # a NewType of str
        additional_headers=headers,
        close_timeout=5,
    )


def cookie(house: House) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{k}={v}" for k, v in house.sign_in().cookies.items())}


def test_a_signed_in_page_is_let_in_without_compression(house: House) -> None:
    with follow(house, **cookie(house)) as stream:
        assert '"type":"hello"' in str(stream.recv(10))
        assert stream.protocol.extensions == []


def test_a_command_with_the_token_needs_no_origin(house: House) -> None:
    with follow(house, None, Authorization=f"Bearer {house.token}") as stream:
        assert '"type":"hello"' in str(stream.recv(10))


def test_nobody_is_told_so_by_the_close_code(house: House) -> None:
    with follow(house) as stream, pytest.raises(ConnectionClosed) as closed:
        stream.recv(10)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4001


@pytest.mark.parametrize("origin", [None, "http://evil.example"])
def test_another_page_is_refused_though_the_cookie_is_sent(
    house: House, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        follow(house, origin, **cookie(house))
    assert refused.value.response.status_code == 403


def test_another_host_is_refused(house: House) -> None:
    with pytest.raises(InvalidStatus) as refused:
        follow(house, "http://evil.example", **cookie(house), Host="evil.example")
    assert refused.value.response.status_code == 403


def test_signing_out_closes_the_streams_of_that_session_only(house: House) -> None:
    browser = house.sign_in()
    mine = {"Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items())}
    with follow(house, **mine) as stream, follow(house, **cookie(house)) as other:
        stream.recv(10)
        other.recv(10)
        browser.delete("/api/session")
        with pytest.raises(ConnectionClosed) as closed:
            while True:  # frames that were on their way come first
                stream.recv(10)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4001
        other.send('{"type": "pong"}')
