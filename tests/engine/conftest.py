"""The opened workshop of a test, with the plugin stage `count` installed for its workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.engine.workshop import Workshop
from tests.engine.counts import install_plugin


@pytest.fixture(scope="session")
def plugin_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_plugin(tmp_path_factory.mktemp("plugin") / "site")


@pytest.fixture
def workshop(home: Path, plugin_site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv("PYTHONPATH", str(plugin_site))
    with Workshop() as opened:
        assert opened.settings.home == home
        yield opened
