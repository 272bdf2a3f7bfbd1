"""A plugin as an administrator installs one: a distribution on the path whose entry points bring components."""

import os
from pathlib import Path

import pytest


def install_plugin(
    monkeypatch: pytest.MonkeyPatch, folder: Path, group: str, entries: dict[str, str], source: str
) -> None:
    """Put `source` on the path as the module `test_plugin`; `entries`: component id -> name in that module."""
    info = folder / "test_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: test-plugin\nVersion: 1.0\n")
    lines = "\n".join(f"{name} = test_plugin:{value}" for name, value in entries.items())
    (info / "entry_points.txt").write_text(f"[{group}]\n{lines}\n")
    (folder / "test_plugin.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
