"""Items: named, versioned pointers in a project. The file `items/<project>/<kind>/<name>.json` is the truth."""

from typing import Literal, get_args

from pydantic import Field

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.specs.base import Spec

ItemKind = Literal["dataset", "tokenizer", "architecture", "model", "flow"]
ITEM_KINDS: tuple[str, ...] = get_args(ItemKind)
KIND_OF_ARTIFACT: dict[str, ItemKind] = {
    "dataset": "dataset",
    "tokenizer": "tokenizer",
    "architecture": "architecture",
    "checkpoint": "model",
    "flow": "flow",
}


class VersionSpec(Spec):
    """One version: `artifact` made by `run`."""

    number: int = Field(ge=1)
    artifact: str
    run: str | None = None
    note: str = ""
    created_at: str


class ItemSpec(Spec):
    format: int = 1
    kind: ItemKind
    name: str
    project: str = DEFAULT_PROJECT
    versions: tuple[VersionSpec, ...]
    aliases: dict[str, int] = {}
    last_number: int = 0
    """The highest number that was ever given: a deleted version's number never names another. 0: that of the latest."""

    @property
    def latest(self) -> VersionSpec:
        return self.versions[-1]
