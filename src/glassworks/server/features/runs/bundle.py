"""The diagnostic bundle: a run's folder and those of its children as a zip, streamed, without weights.

States and outputs are left out (they are large, and the artifacts hold them); everything that says what happened is in.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from glassworks.storage.runs import RunFolder

LEFT_OUT = {"state", "out"}


class _Pipe:
    """A file that is written by zipfile and emptied by whoever sends it."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._position = 0

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        data, self._chunks = b"".join(self._chunks), []
        return data


def stream_bundle(runs: list[RunFolder]) -> Iterator[bytes]:
    """The bytes of a zip with one folder a run."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for run in runs:
            for path in _files(run.path):
                archive.write(path, f"{run.id}/{path.relative_to(run.path).as_posix()}")
                yield pipe.take()
    yield pipe.take()


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(p for p in found if not LEFT_OUT & set(p.relative_to(folder).parts))
