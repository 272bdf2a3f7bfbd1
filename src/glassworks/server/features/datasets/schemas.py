"""What the calls about datasets answer. Sizes in bytes; `num_bytes` is text, `size_bytes` is what lies on the disk."""

from typing import Any

from pydantic import ConfigDict

from glassworks.server.features.datasets import examples
from glassworks.server.http.paging import Page
from glassworks.specs.base import Spec
from glassworks.specs.item import ItemKind


class _Figures(Spec):
    """Counts are None where nobody noted them; `is_present`: it can be read."""

    artifact: str
    num_documents: int | None = None
    num_bytes: int | None = None
    size_bytes: int
    is_present: bool


class DatasetView(_Figures):
    """A dataset at its latest version. `run` is the stage run that made it; `description` its statistics, if there are any."""

    name: str
    project: str
    version: int
    created_at: str
    run: str | None = None
    note: str
    description: str | None = None


class DatasetPage(Page[DatasetView]):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [examples.DATASET], "total": 1}]}
    )


class DatasetVersionView(_Figures):
    number: int
    created_at: str
    run: str | None = None
    note: str


class LineageStepView(Spec):
    """A stage on the way from the import. `settings` are short; `documents_before` is None where nothing came before."""

    stage: str
    run: str
    flow_run: str | None = None
    created_at: str
    settings: dict[str, str]
    output: str
    inputs: tuple[str, ...]
    artifact: str
    documents_before: int | None = None
    documents_after: int | None = None
    bytes_before: int | None = None
    bytes_after: int | None = None
    is_present: bool


class CountsView(Spec):
    documents: int
    bytes: int


class TwinView(Spec):
    """The document that a copy is a copy of."""

    id: str
    similarity: float


class CleaningSampleView(Spec):
    """A window of a text that a step changed or took out; `span` is what decided, in characters of the window."""

    id: str
    source: str
    place: str
    text: str
    reason: str
    span: tuple[int, int] | None = None
    becomes: str | None = None
    twin: TwinView | None = None


class CleaningStepView(Spec):
    kind: str
    settings: dict[str, Any]
    before: CountsView
    after: CountsView
    changed: int
    removed: int
    samples: tuple[CleaningSampleView, ...]


class CleaningView(Spec):
    """What cleaning did, to this dataset or to the nearest one that it was made from: `artifact` says to which."""

    artifact: str
    run: str
    steps: tuple[CleaningStepView, ...]


class PartView(_Figures):
    """A part that a split made of it: `train`, `validation`."""

    part: str
    run: str


class UsingRunView(Spec):
    """A run that read it; `stages` are those that did."""

    run: str
    name: str
    status: str
    stages: tuple[str, ...]


class MadeItemView(Spec):
    """A version of an item that was made from it, however many stages lie between."""

    kind: ItemKind
    name: str
    project: str
    version: int


class UsedByView(Spec):
    runs: tuple[UsingRunView, ...]
    items: tuple[MadeItemView, ...]


class DatasetDetail(_Figures):
    """A dataset in full. Without a name (`name` is None) where only a run knows it. `lineage` begins with the import."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DETAIL]})

    label: str
    name: str | None = None
    project: str | None = None
    version: int | None = None
    created_at: str | None = None
    run: str | None = None
    versions: tuple[DatasetVersionView, ...]
    aliases: dict[str, int]
    lineage: tuple[LineageStepView, ...]
    cleaning: CleaningView | None = None
    parts: tuple[PartView, ...]
    description: str | None = None
    used_by: UsedByView


class DocumentView(Spec):
    """One document. `ordinal` is its place; `is_cut`: the text goes on, or a value of `meta` was too long to be shown."""

    ordinal: int
    id: str
    source: str
    group: str
    num_bytes: int
    num_characters: int
    text: str
    is_cut: bool
    meta: dict[str, Any]


class DocumentsView(Spec):
    """`num_documents` counts all of the dataset."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DOCUMENTS]})

    artifact: str
    num_documents: int
    documents: tuple[DocumentView, ...]
