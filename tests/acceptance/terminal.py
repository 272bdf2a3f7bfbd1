"""A real pseudo-terminal: a command in it, keys pressed in it, and what it showed."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

from tests.acceptance.house import COMMAND, LIMIT_S, House

CTRL_C = b"\x03"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
SIZE = struct.pack("HHHH", 40, 100, 0, 0)


class PseudoTerminal:
    """`glassworks ARGUMENTS` as the foreground program of a terminal of its own."""

    def __init__(self, house: House, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, SIZE)
        self.process = subprocess.Popen(
            [str(COMMAND), *arguments],
            env=house.environment(TERM="xterm-256color"),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=own_terminal,  # noqa: PLW1509 (one call, so that Ctrl-C reaches the command)
        )
        os.close(slave)
        self._shown = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def shown(self) -> str:
        """All that was shown so far, without colors and cursor movements."""
        return ESCAPES.sub("", self._shown.decode(errors="replace"))

    def wait(self) -> int:
        """The exit code, once the command has ended and all was read."""
        code = self.process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)
        os.close(self._master)
        return code

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # nobody holds the other end any more
                return
            if not data:
                return
            self._shown += data


def own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
