"""Servers whose runs are the plugin stage `count`: exact, fast, and held where a test wants them held."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.counts import install_plugin


@pytest.fixture(scope="package", autouse=True)
def _plugin_is_installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = install_plugin(tmp_path_factory.mktemp("plugin") / "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
        yield


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file that does not exist yet: `count` waits for it."""
    return tmp_path / "gate"
