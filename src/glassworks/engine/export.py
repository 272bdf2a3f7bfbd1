"""Exporting: a recipe of one node, so that an export is a run like any other, found again by its key."""

import shutil
from pathlib import Path

from glassworks.common.errors import Conflict
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.model import tokenizer_of
from glassworks.engine.references import resolve_artifact
from glassworks.specs.flow import NodeSpec, RecipeSpec
from glassworks.storage.atomic import disk_errors, publish_folder
from glassworks.storage.store import Store


def export_recipe(store: Store, ref: str, project: str = DEFAULT_PROJECT) -> RecipeSpec:
    """The recipe that exports the checkpoint `ref`. Raises NotFound, InvalidSpec."""
    source = resolve_artifact(store, ref, "checkpoint", project)
    inputs: dict[str, str] = {
        "checkpoint": source.artifact,
        "tokenizer": tokenizer_of(store, source),
    }
    return RecipeSpec(
        name="export",
        title=f"Export {source.label}",
        output="export.export",
        nodes={"export": NodeSpec(stage="export_model", inputs={**inputs})},
    )


def check_target(target: Path) -> None:
    """Raise Conflict when there is something at `target` already."""
    if target.exists():
        raise Conflict(
            "output-exists",
            f"{target} exists already.",
            "Give a path that does not, or move that away.",
            str(target),
        )


def copy_out(store: Store, artifact: str, target: Path) -> Path:
    """Copy an artifact's files, without its manifest, to a new folder. Raises Conflict when `target` exists, DiskFull."""
    check_target(target)
    target = target.absolute()
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    folder = store.artifacts.path(artifact)
    try:
        with disk_errors(target):
            for file in store.artifacts.manifest(artifact).files:
                place = temporary / file.path
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / file.path, place)
        publish_folder(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target
