"""The opened house: its machine file, and the doctor who measures and looks after it."""

from pathlib import Path

import pytest

from glassworks.common.errors import BadData
from glassworks.engine import doctor
from glassworks.engine.doctor import check_machine
from glassworks.engine.plan import make_plan
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.workshop import Workshop
from glassworks.specs.flow import NodeSpec, RecipeSpec
from tests.conftest import MACHINE
from tests.engine.conftest import open_made
from tests.engine.stores import flip_bit, make_artifact


def test_the_machine_is_what_the_doctor_wrote(workshop: Workshop, home: Path) -> None:
    assert workshop.machine() == MACHINE
    (home / "machine.json").unlink()
    assert workshop.machine() is None


@pytest.mark.parametrize("text", ["", "{", "{}", '{"hostname": 5}'])
def test_a_damaged_machine_file_is_told(workshop: Workshop, home: Path, text: str) -> None:
    (home / "machine.json").write_text(text)
    with pytest.raises(BadData) as caught:
        workshop.machine()
    assert caught.value.code == "machine-file-damaged"


def test_opening_a_workshop_starts_nothing(workshop: Workshop, home: Path) -> None:
    assert sorted(path.name for path in home.iterdir()) == ["machine.json", "store"]
    assert [path.name for path in (home / "store").iterdir()] == ["format.json"]


def test_the_doctor_measures_and_explains(
    home: Path, tools: ToolsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = open_made(home, tools)
    artifact = make_artifact(workshop.store, "dataset", "sound")
    flip_bit(workshop.store.artifacts.path(artifact) / "content.txt")
    monkeypatch.setattr(doctor, "LOW_DISK_BYTES", 1 << 60)

    report = check_machine(workshop, is_store_checked=True)
    assert report.machine.hostname != "test"
    assert report.machine.num_cores >= 1
    assert all(rate > 0 for rate in report.machine.matmul_gflops.values())
    assert workshop.machine() == report.machine
    assert report.problems is not None
    assert [problem.what for problem in report.problems] == [f"artifact {artifact[:12]}"]
    assert any("GB are free" in remark for remark in report.remarks)
    assert not report.is_well


def test_a_stage_of_an_installed_plugin_can_be_planned(
    workshop: Workshop, plugin_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "count" not in workshop.catalog.stages  # this process does not see the plugin yet
    monkeypatch.syspath_prepend(str(plugin_site))
    with Workshop(workshop.settings) as seeing:
        assert "count" in seeing.catalog.stages
        assert seeing.catalog.stages["count"].origin != "glassworks"
        assert "train_model" in seeing.catalog.stages
        node = NodeSpec(stage="count")
        output = f"one.{next(iter(seeing.catalog.stages['count'].outputs))}"
        recipe = RecipeSpec(name="counting", title="Counting", output=output, nodes={"one": node})
        plan = make_plan(seeing, recipe, MACHINE)
    assert plan.nodes[0].stage == "count"
