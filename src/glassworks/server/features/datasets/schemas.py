"""What the calls about datasets answer. Sizes in bytes; `num_bytes` is text, `size_bytes` is what lies on the disk."""

from typing import Any

from pydantic import ConfigDict, Field

from glassworks.server.features.datasets import examples
from glassworks.server.http.paging import Page
from glassworks.specs.base import Spec
from glassworks.specs.description import DescriptionSpec
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


class LeakCountsView(Spec):
    """Held-out documents that are copies: equal but for case and blanks, or near."""

    equal: int
    near: int


class LeakTwinView(Spec):
    id: str
    part: str


class LeakView(Spec):
    """A held-out document that was a copy of `twin`; `text` is its beginning."""

    id: str
    part: str
    twin: LeakTwinView
    similarity: float
    is_equal: bool
    text: str


class LeakageView(Spec):
    """Copies across the parts of the newest split. `on_leak`: `drop` took them out of what is held out."""

    run: str
    on_leak: str
    copy_threshold: float
    found: dict[str, LeakCountsView]
    examples: tuple[LeakView, ...]


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
    leakage: LeakageView | None = None
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


class StatisticsView(DescriptionSpec):
    """What is in a dataset, in figures; what each counts stands in `specs/description.py`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STATISTICS]})


class MatchView(Spec):
    """A document that holds all words. `text` is a piece of it from `start` on; `marks` are the hits in that piece.

    Places count characters (code points, not UTF-16 units).
    """

    ordinal: int
    id: str
    source: str
    group: str
    num_bytes: int
    num_characters: int
    start: int
    text: str
    marks: tuple[tuple[int, int], ...]


class MatchPage(Page[MatchView]):
    """The best ones first. `total` counts all documents that hold the words, `num_documents` all of the dataset."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "artifact": examples.ARTIFACT,
                    "num_documents": 9_812,
                    "items": [examples.MATCH],
                    "total": 1,
                }
            ]
        }
    )

    artifact: str
    num_documents: int


class SideView(Spec):
    """One of two datasets that are compared."""

    label: str
    artifact: str
    num_documents: int
    num_bytes: int


class ExampleDocumentView(Spec):
    """A document that came or went, with the beginning of its text."""

    ordinal: int
    id: str
    source: str
    num_bytes: int
    text: str
    is_cut: bool


class ChangedDocumentView(Spec):
    """A document before and after, each from character `start` on, shortly before the first difference."""

    id: str
    source: str
    ordinal_before: int
    ordinal_after: int
    start: int
    before: str
    after: str


class RenamedDocumentView(Spec):
    """The same text under another id: `before` and `after` are ids."""

    ordinal_before: int
    ordinal_after: int
    before: str
    after: str


class DifferenceExamples(Spec):
    added: tuple[ExampleDocumentView, ...]
    removed: tuple[ExampleDocumentView, ...]
    changed: tuple[ChangedDocumentView, ...]
    renamed: tuple[RenamedDocumentView, ...]


class DifferenceView(Spec):
    """How many documents came, went, changed, were renamed, stayed; matched by id, then by text."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DIFFERENCE]})

    before: SideView
    after: SideView
    added: int
    removed: int
    changed: int
    renamed: int
    same: int
    num_bytes_before: int
    num_bytes_after: int
    examples: DifferenceExamples


class DatasetDeleted(Spec):
    """`artifacts` are those that went with the last name that pointed to them."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DELETED]})

    name: str
    project: str
    versions: tuple[int, ...]
    artifacts: tuple[str, ...]
    freed_bytes: int


class DescribeAsk(Spec):
    """`tokenizer`: a reference; its tokens are then counted too."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"project": "default"}]})

    project: str = "default"
    tokenizer: str | None = Field(default=None, max_length=200)


class DescribeOrdered(Spec):
    """The run that counts and indexes. `is_resumed`: it had been ordered already and is not done yet."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"run": examples.FLOW, "is_resumed": False}]}
    )

    run: str
    is_resumed: bool = False


class InspectAsk(Spec):
    """What to look into: a completed upload, a folder of uploads (also while its files arrive), or a path on the server's machine. `settings`: of the source `files`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INSPECT]})

    upload: str | None = Field(default=None, max_length=100)
    path: str | None = Field(default=None, max_length=4096)
    settings: dict[str, Any] = {}
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=50, ge=1, le=200)


class FileProblemView(Spec):
    """Why a file cannot be read, and what to do."""

    code: str
    message: str
    hint: str


class MappingView(Spec):
    """Which columns are read as what; empty: none."""

    layout: str
    text: str
    messages: str
    prompt: str
    context: str
    completion: str
    name: str
    group: str


class FileView(Spec):
    """What is in a file, or why it cannot be read. Of a large one the documents are counted in its beginning and estimated."""

    name: str
    size_bytes: int
    format: str
    title: str
    num_documents: int
    is_whole: bool
    estimated_documents: int
    num_characters: int
    text: str
    mapping: MappingView | None = None
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    problem: FileProblemView | None = None


class InspectView(Spec):
    """`num_files` counts all; `files` are those from `offset` on: at least one, fewer than `limit` where they take long."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INSPECTED]})

    num_files: int
    files: tuple[FileView, ...]
