"""Flows of the plugin stage `count`, planned by hand and driven by the real engine, executor and worker."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glassworks.engine.attempt import Stopper
from glassworks.engine.drive import drive, open_flow_run
from glassworks.engine.workshop import Workshop
from glassworks.specs.flow import NodeSpec, PlannedInput, PlannedNode, PlanSpec, RecipeSpec
from glassworks.storage.runs import RunFolder
from tests.conftest import MACHINE
from tests.engine.plugin.counting import Count
from tests.processes import start_python, until

PLUGIN = Path(__file__).parent / "plugin" / "counting.py"
ENTRY_POINTS = """[glassworks.stages]
count = counting:Count
count_with_model = counting:CountWithModel
"""


def install_plugin(site: Path) -> Path:
    """A folder for PYTHONPATH in which the stage `count` is installed as a distribution."""
    info = site / "counting-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: counting\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    shutil.copyfile(PLUGIN, site / "counting.py")
    return site


def planned(
    name: str, config: Count.Config, before: str | None = None, starts_from: str | None = None
) -> PlannedNode:
    source = PlannedInput(kind="dataset", node=before, output="dataset")
    return PlannedNode(
        name=name,
        stage="count",
        version=1,
        config=config.to_json(),
        hashed_config=config.hashed(),
        inputs={"before": source} if before else {},
        outputs={"dataset": "dataset"},
        resources={"device": "cpu", "dtype": "fp32", "threads": 1},
        starts_from=starts_from,
    )


def plan(*nodes: PlannedNode, is_fresh: bool = False, name: str = "counted") -> PlanSpec:
    recipe = RecipeSpec(
        name="counting",
        title="Counting",
        output=f"{nodes[-1].name}.dataset",
        nodes={
            node.name: NodeSpec(
                stage="count",
                config=node.config,
                inputs={port: f"{s.node}.{s.output}" for port, s in node.inputs.items()},
            )
            for node in nodes
        },
    )
    return PlanSpec(recipe=recipe, output_name=name, nodes=nodes, is_fresh=is_fresh)


def run_plan(workshop: Workshop, spec: PlanSpec, stopper: Stopper | None = None) -> RunFolder:
    """Open and drive a flow; returns its folder."""
    run, _ = open_flow_run(workshop, spec, MACHINE)
    drive(workshop, run, MACHINE, stopper or Stopper())
    return run


def child(workshop: Workshop, run: RunFolder, node: str) -> RunFolder:
    """The stage run that answers a node of a flow run."""
    return workshop.store.runs.get(run.state().nodes[node].run)


def counted(steps: int, seed: int = 1337, before: str = "") -> str:
    """What an uninterrupted count reaches."""
    number = before
    for step in range(1, steps + 1):
        number = hashlib.sha256(f"{number} {step} {seed}".encode()).hexdigest()
    return number


def number_of(workshop: Workshop, run: RunFolder, node: str = "count") -> str:
    done = child(workshop, run, node).done()
    assert done is not None
    return (workshop.store.artifacts.path(done.outputs["dataset"]) / "number.txt").read_text()


def losses(steps: int) -> list[float]:
    return [float(int(counted(step)[:6], 16)) for step in range(1, steps + 1)]


@contextmanager
def driver_process(spec: PlanSpec) -> Iterator[subprocess.Popen[str]]:
    """Another process that drives a flow in the same home; killed at the end if it still lives."""
    process = start_python(
        """
        import sys
        from glassworks.engine.attempt import Stopper
        from glassworks.engine.drive import drive, open_flow_run
        from glassworks.engine.workshop import Workshop
        from glassworks.specs.flow import PlanSpec
        with Workshop() as workshop:
            machine = workshop.machine()
            plan = PlanSpec.model_validate_json(sys.argv[1])
            run, _ = open_flow_run(workshop, plan, machine)
            print(run.id, flush=True)
            print(drive(workshop, run, machine, Stopper()).status, flush=True)
        """,
        spec.model_dump_json(),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until_rows(workshop: Workshop, num_rows: int) -> RunFolder:
    """Wait until a stage run of this store has so many step rows; returns it."""
    found: list[RunFolder] = []

    def has_rows() -> bool:
        runs = [run for run in workshop.store.runs.all() if run.spec().kind == "stage"]
        found[:] = [run for run in runs if len(rows_of(run)) >= num_rows]
        return bool(found)

    until(has_rows)
    return found[0]


def rows_of(run: RunFolder) -> list[dict[str, float]]:
    numbers = [number for number in run.attempt_numbers() if number]
    return run.attempt(numbers[-1]).metrics.read() if numbers else []
