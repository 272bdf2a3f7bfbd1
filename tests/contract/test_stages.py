"""What every stage promises: it describes itself, its ports are typed, and its output changes only with its version.

The fixtures and what is recorded of them: `stage_fixtures.py`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import NotFound
from glassworks.specs.artifact import ARTIFACT_KINDS
from glassworks.specs.base import Config
from glassworks.specs.stage import Ports, Stage
from glassworks.stages import STAGES, stage_spec
from tests.contract.stage_fixtures import FIXTURES, RECORD, fingerprint

NAMES = STAGES.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_describes_itself(name: str) -> None:
    spec = stage_spec(name)
    assert spec.name == name
    assert spec.version >= 1
    assert spec.purpose.endswith(".")
    assert spec.outputs
    for port in [*spec.inputs.values(), *spec.outputs.values()]:
        assert port.kind in ARTIFACT_KINDS
        assert port.description
    assert not all(port.is_optional for port in spec.outputs.values())
    json.dumps(spec.to_json(), allow_nan=False)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_description_and_a_default(name: str) -> None:
    stage = STAGES.load(name)
    for field, info in stage.Config.model_fields.items():
        assert info.description, f"{name}.{field} has no description"
    config = stage.Config()
    assert stage.Config.model_validate(config.to_json()) == config
    properties = stage_spec(name).config_schema.get("properties", {})
    assert all("default" in field for field in properties.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_choice_between_components_is_in_the_schema(name: str) -> None:
    """Each component's settings are reachable by its `kind`, so that forms can offer it."""
    schema = stage_spec(name).config_schema
    for field in schema.get("properties", {}).values():
        chosen = field.get("items", field)
        if "discriminator" in chosen:
            assert len(chosen["discriminator"]["mapping"]) == len(chosen["oneOf"]) > 1


def test_an_unknown_stage() -> None:
    with pytest.raises(NotFound, match="no stage called 'bake'"):
        stage_spec("bake")


def test_ports_must_be_declared() -> None:
    class Wrong(Ports):
        dataset: Path

    class Bake(Stage):
        """Bake."""

        version = 1
        Config = Config
        Inputs = Wrong
        Outputs = Wrong

        def run(self, ctx: Any) -> None: ...

    STAGES._loaded["bake"] = Bake
    try:
        with pytest.raises(TypeError, match="must be declared"):
            stage_spec("bake")
    finally:
        del STAGES._loaded["bake"]


def test_every_stage_has_a_fixture_and_a_record() -> None:
    assert sorted(FIXTURES) == NAMES
    assert sorted(json.loads(RECORD.read_text("utf-8"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_output_changes_only_with_the_version(name: str, tmp_path: Path) -> None:
    recorded = json.loads(RECORD.read_text("utf-8"))[name]
    found = fingerprint(name, tmp_path / "out")
    assert found["version"] == recorded["version"], (
        f"The version of {name} was raised: record its output again with "
        "`.venv/bin/python -m tests.contract.stage_fixtures`."
    )
    advice = f"{name} gives another output than version {found['version']} did: raise its version."
    assert found["exact"] == recorded["exact"], advice
    assert_close(found.get("close", {}), recorded.get("close", {}), advice)


def assert_close(found: Any, recorded: Any, advice: str) -> None:
    """The same shape of JSON and the same words, numbers within 0.1 %."""
    if isinstance(recorded, dict):
        assert sorted(found) == sorted(recorded), advice
        for key, value in recorded.items():
            assert_close(found[key], value, advice)
    elif isinstance(recorded, list):
        assert len(found) == len(recorded), advice
        for one, other in zip(found, recorded, strict=True):
            assert_close(one, other, advice)
    elif isinstance(recorded, str) or recorded is None:
        assert found == recorded, advice
    else:
        assert found == pytest.approx(recorded, rel=1e-3, abs=1e-6), advice
