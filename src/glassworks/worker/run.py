"""Run one attempt: read its order, run the stage, publish what it made, say how it ended.

In: `order.json` in the attempt's folder. Out, in the same folder: `events.jsonl`, `metrics.jsonl`, `log.jsonl`,
`state/step-N/`, on failure `error.json`; in the store: the outputs' artifacts. The exit code is 0 done, 10 stopped,
20 failed, 21 no room left even for `error.json`.
"""

import os
import platform
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from glassworks.common.errors import GlassworksError, InvalidSpec, StageFailed
from glassworks.common.logging import get_logger, log_to_file
from glassworks.specs.artifact import ArtifactKind
from glassworks.specs.events import ArtifactPublished, CheckpointSaved
from glassworks.specs.order import (
    EXIT_DISK_FULL,
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_STOPPED,
    OrderSpec,
)
from glassworks.specs.stage import Stage, StageSpec, Stopped
from glassworks.stages import STAGES, stage_spec
from glassworks.storage.atomic import read_json, write_json
from glassworks.worker.context import AttemptContext
from glassworks.worker.failures import as_error

log = get_logger("worker.run")
NAMED_LIBRARIES = ("torch", "numpy", "safetensors", "pyarrow", "tokenizers", "tiktoken", "pydantic")


def run_attempt(attempt_dir: Path, should_stop: Callable[[], bool]) -> int:
    """Run the attempt whose folder this is; returns the exit code. Never raises."""
    handler = log_to_file(attempt_dir / "log.jsonl")
    try:
        order = OrderSpec.model_validate(read_json(attempt_dir / "order.json"))
        _log_environment(order)
        stage = _load_stage(order)
        spec = stage_spec(order.stage)
        context = AttemptContext(attempt_dir, order, stage, spec, should_stop)
        _announce_start(context, order)
        try:
            stage().run(context)
        finally:
            context.finish_saving()  # also of a stage that stopped or failed: what it saved counts
        context.flush()
        _publish_outputs(context, spec)
        log.info("done")
        return EXIT_DONE
    except Stopped:
        log.info("stopped as asked")
        return EXIT_STOPPED
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a named edge: all that a stage raises)
        return _report(attempt_dir, error)
    finally:
        handler.close()


def _load_stage(order: OrderSpec) -> type[Stage]:
    stage = STAGES.load(order.stage)
    if stage.version != order.version:
        raise InvalidSpec(
            "stage-version",
            f"The order asks for version {order.version} of the stage {order.stage!r}; "
            f"this installation has version {stage.version}.",
            "Run the recipe again: it is planned anew with the installed version.",
        )
    return stage


def _announce_start(context: AttemptContext, order: OrderSpec) -> None:
    """A resumed attempt says again which state it starts from: its own log is then complete."""
    if order.resume_from and order.resume_artifact:
        context.emit(CheckpointSaved(step=order.resume_step, artifact=order.resume_artifact))


def _publish_outputs(context: AttemptContext, spec: StageSpec) -> None:
    published = []
    for name, port in spec.outputs.items():
        folder: Path = getattr(context.outputs, name)
        if not any(folder.iterdir()):
            if port.is_optional:
                continue
            raise StageFailed(
                "empty-output",
                f"The stage ended without filling its output {name!r}.",
                "This is a fault of the stage; report it with the run's log.",
            )
        published.append((name, _publish(context, name, port.kind, folder)))
    for name, artifact in published:
        context.emit(ArtifactPublished(output=name, artifact=artifact))
    shutil.rmtree(context.out_dir, ignore_errors=True)


def _publish(context: AttemptContext, name: str, kind: ArtifactKind, folder: Path) -> str:
    summary = context.summaries.get(name, {})
    manifest = context.store.artifacts.publish_folder(kind, folder, summary)
    log.info(f"published {name}", extra={"fields": {"artifact": manifest.id}})
    return manifest.id


def _report(attempt_dir: Path, error: BaseException) -> int:
    """Write `error.json`; on a full disk the exit code has to be enough."""
    known: GlassworksError = as_error(error, attempt_dir)
    log.error(known.message, exc_info=error)
    try:
        write_json(attempt_dir / "error.json", known.to_dict())
    except (GlassworksError, OSError):
        return EXIT_DISK_FULL
    return EXIT_FAILED


def _log_environment(order: OrderSpec) -> None:
    fields: dict[str, Any] = {
        "stage": order.stage,
        "glassworks": _version("glassworks"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "num_cores": os.cpu_count(),
        "threads": order.resources.threads,
        "libraries": {name: _version(name) for name in NAMED_LIBRARIES},
    }
    log.info("started", extra={"fields": fields})


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
