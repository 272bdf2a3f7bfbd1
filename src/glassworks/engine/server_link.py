"""Talking to the server that holds this home, from a command: `server.json` says where it is and what opens it.

In: the settings. Out: a `ServerLink`, or None when no server lives. Unusual: a file that a dead server left behind counts for
nothing; the lock, which the operating system releases, is what says that a server lives.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from glassworks.common.errors import (
    Changed,
    Conflict,
    Forbidden,
    GlassworksError,
    InvalidSpec,
    LimitReached,
    NotFound,
    Unauthorized,
    Unavailable,
)
from glassworks.common.settings import Settings
from glassworks.storage.atomic import read_json
from glassworks.storage.locks import is_held

CLASSES: dict[int, type[GlassworksError]] = {
    cls.status: cls
    for cls in (
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Changed,
        InvalidSpec,
        LimitReached,
        Unavailable,
    )
}
TIMEOUT_S = 120.0


@dataclass(frozen=True)
class ServerLink:
    """A living server. `call("POST", "/api/runs", {...})` gives its answer or raises its error."""

    pid: int
    host: str
    port: int
    token: str

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def call(
        self, method: str, path: str, body: Any = None, timeout_s: float = TIMEOUT_S
    ) -> dict[str, Any]:
        """The JSON of the answer, `{}` when it is empty. Raises what the server said, or Unavailable."""
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        try:
            with _OPENER.open(request, timeout=timeout_s) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise _problem(error) from None
        except OSError as error:
            raise Unavailable(
                "server-silent",
                f"The server at {self.address} does not answer: {error}.",
                "`glassworks down` ends it, `glassworks up` starts it again.",
            ) from error
        answer: dict[str, Any] = json.loads(text) if text else {}
        return answer


def find_server(settings: Settings) -> ServerLink | None:
    """The server that holds this home; None when there is none, or when it is only just starting."""
    if not is_held(settings.server_lock):
        return None
    try:
        said = read_json(settings.server_file)
        return ServerLink(int(said["pid"]), said["host"], int(said["port"]), said["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def need_server(settings: Settings) -> ServerLink:
    """Raises Unavailable when no server holds this home."""
    found = find_server(settings)
    if found is None:
        raise Unavailable(
            "no-server", f"No server holds the home {settings.home}.", "`glassworks up` starts one."
        )
    return found


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy of the environment is for the world outside, never for this machine."""


def _problem(answer: urllib.error.HTTPError) -> GlassworksError:
    """The error that the server answered with; one that is no problem document keeps its status."""
    with answer:
        text = answer.read()
    try:
        fields = json.loads(text)
        said = [str(fields[name]) for name in ("code", "title", "detail", "where")]
    except (ValueError, KeyError, TypeError):
        said = ["internal", f"The server answered {answer.code}.", "Its log says more.", ""]
    return CLASSES.get(answer.code, GlassworksError)(*said)
