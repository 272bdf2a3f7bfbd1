"""The words at the end of a run come from its artifacts."""

import io
from pathlib import Path

from rich.console import Console
from rich.theme import Theme

from glassworks.cli.console import STYLES
from glassworks.cli.display.ending import tell_done, tell_stopped
from glassworks.engine.follow import FlowFollower
from tests.cli.synthetic import SyntheticRun, done_run, training_run


def told(run: SyntheticRun, is_done: bool = True, width: int = 80) -> str:
    written = io.StringIO()
    console = Console(file=written, width=width, theme=Theme(STYLES, inherit=False), markup=False)
    follower = FlowFollower(run.store, run.flow)
    follower.poll()
    (tell_done if is_done else tell_stopped)(console, follower)
    return written.getvalue()


def test_a_finished_run_is_measured_beside_its_yardsticks(tmp_path: Path) -> None:
    shown = told(done_run(tmp_path))
    assert "nats/token      bits/byte" in shown
    assert "first-model@1            4.153          1.919" in shown
    assert "uniform guess            7.625          4.290" in shown
    assert "5-gram                   4.500          2.071" in shown
    assert "exact match   95.5 %   93.0 % to 97.2 % (95 %), 400 questions" in shown


def test_three_samples_where_it_lies_and_what_next(tmp_path: Path) -> None:
    run = done_run(tmp_path)
    shown = told(run)
    assert [f"    {n}  " in shown for n in (1, 2, 3)] == [True] * 3
    assert shown.count("KING HENRY.") == 3
    assert "\x1b" not in shown
    assert str(run.flow.path) in shown.replace("~", str(Path.home()))
    assert '`glassworks generate first-model "To be"` lets it write' in shown


def test_commands_use_the_name_that_the_result_was_given(tmp_path: Path) -> None:
    run = done_run(tmp_path)
    spec = run.flow.spec()
    assert spec.plan is not None
    steps = ("glassworks dataset search first-model king",)
    recipe = spec.plan.recipe.model_copy(update={"next_steps": spec.plan.recipe.next_steps + steps})
    plan = spec.plan.model_copy(update={"output_name": "mine", "recipe": recipe})
    run.flow.spec_file.write_text(spec.model_copy(update={"plan": plan}).model_dump_json())
    shown = told(run)
    assert '`glassworks generate mine "To be"`' in shown
    assert "glassworks dataset search mine king" in shown


def test_an_evaluation_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    run = done_run(tmp_path)
    artifact = run.outputs["evaluate.evaluation"]
    file = run.store.artifacts.path(artifact) / "evaluation.json"
    file.chmod(0o644)
    file.write_text("{")
    shown = told(run)
    assert "is done" in shown and "nats/token" not in shown


def test_a_stopped_run_names_the_command_that_goes_on(tmp_path: Path) -> None:
    run = training_run(tmp_path)
    run.stop(run.store.runs.get(run.flow.state().nodes["train"].run))
    shown = told(run, is_done=False)
    assert "Stopped at step 640 of train." in shown
    assert f"glassworks resume {run.flow.id}" in shown
