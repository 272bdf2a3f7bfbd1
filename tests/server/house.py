"""A real server on a home of its own, in a process of its own, and clients for it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

LIMIT_S = 60
HIDDEN = {"GLASSWORKS_STORE", "GLASSWORKS_DATABASE", "DISPLAY", "WAYLAND_DISPLAY"}


class House:
    """`with House(home) as house:` the server runs; `house.api` asks as the command line does, `house.sign_in()` as a browser."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.options = options or ("--no-first-run",)
        self._clients: list[httpx.Client] = []

    def __enter__(self) -> "House":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        arguments = ["--port", "0", "--json", *self.options]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "glassworks.app", *arguments],
            env=environment(self.home),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the server did not start"
        self.said: dict[str, Any] = json.loads(line)
        self.address: str = self.said["address"]
        self.token: str = json.loads((self.home / "server.json").read_text())["token"]
        bearer = {"Authorization": f"Bearer {self.token}"}
        self.api = httpx.Client(base_url=self.address, headers=bearer, timeout=LIMIT_S)
        self.api.get("/healthz").raise_for_status()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End it; returns its exit code."""
        for client in (self.api, *self._clients):
            client.close()
        self._clients.clear()
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(LIMIT_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def guest(self) -> httpx.Client:
        """Somebody who has not signed in."""
        client = httpx.Client(base_url=self.address, timeout=LIMIT_S)
        self._clients.append(client)
        return client

    def new_key(self) -> str:
        """A fresh one-time sign-in key."""
        answer = self.api.post("/api/session/links")
        key: str = answer.json()["url_path"].partition("#")[2]
        return key

    def sign_in(self) -> httpx.Client:
        """A signed-in browser, which sends the CSRF token with whatever it asks."""
        client = self.guest()
        answer = client.post("/api/session", json={"key": self.new_key()})
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client

    def log(self) -> list[dict[str, Any]]:
        """The lines of the server's log."""
        text = (self.home / "logs" / "server.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    return {**kept, "GLASSWORKS_HOME": str(home), "OMP_NUM_THREADS": "1"}
