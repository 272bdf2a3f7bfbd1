"""A child that leaves its session, loses its parents and ignores TERM is gone with the run that started it."""

from pathlib import Path

import pytest
import yaml

from tests.acceptance.checks import check_sound
from tests.acceptance.house import House
from tests.worker.attempts import is_gone
from tests.worker.plugins import install_plugin

SOURCES = "glassworks.lm.data.sources"
SOURCE = '''
import os, signal, time
from pathlib import Path
from typing import Literal

from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.specs.base import Config as BaseConfig


class Escaping(Source):
    """A text whose reading leaves a process behind."""

    class Config(BaseConfig):
        kind: Literal["escaping"] = "escaping"
        note: str = ""

    @staticmethod
    def read(config):
        leave_a_child(Path(config.note))
        return Reading(iter([Document(id="a", text="words", source="a", group="a")]))


def leave_a_child(note):
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.environ.clear()
        note.write_text(str(os.getpid()))
        time.sleep(600)
    while not (note.exists() and note.read_text()):
        time.sleep(0.01)
'''


def test_a_child_that_escapes_goes_with_its_run(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_plugin(monkeypatch, tmp_path / "site", SOURCES, {"escaping": "Escaping"}, SOURCE)
    note = tmp_path / "pid"
    source = {"kind": "escaping", "note": str(note)}
    nodes = {"data": {"stage": "import_dataset", "config": {"source": source}}}
    recipe = tmp_path / "escaping.yaml"
    document = {"name": "escaping", "title": "Escaping", "output": "data.dataset", "nodes": nodes}
    recipe.write_text(yaml.safe_dump(document), "utf-8")
    house.must("run", str(recipe))
    assert is_gone(int(note.read_text("utf-8")))
    check_sound(house)
