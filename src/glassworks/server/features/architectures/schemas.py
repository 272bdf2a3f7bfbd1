"""What the calls about architectures take and answer. A `document` is an architecture as a person may write it."""

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.architectures import examples
from glassworks.specs.base import Spec
from glassworks.specs.estimate import TrainingEstimate

Json = dict[str, Any]
MAX_CHARACTERS = 200_000


def _example(value: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


# --- what is asked ------------------------------------------------------------------------------------------------


class ExplainAsk(Spec):
    """`vocab_size` and `context` stand in where the document leaves them open, and `context` also where it does not."""

    model_config = _example({"document": examples.DOCUMENT})

    document: Json
    vocab_size: int | None = Field(default=None, ge=2, le=2_000_000)
    context: int | None = Field(default=None, ge=2, le=1_048_576)


class EstimateAsk(Spec):
    """`training`: fields of the config of train_model; what is left out has its default."""

    model_config = _example({"document": examples.DOCUMENT, "training": {"steps": 1200}})

    document: Json
    vocab_size: int | None = Field(default=None, ge=2, le=2_000_000)
    training: Json = {}


class PlanAsk(Spec):
    """A time or a depth, not both; neither: a depth of four."""

    model_config = _example({"minutes": 10, "vocab_size": 2048})

    minutes: float | None = Field(default=None, gt=0, le=100_000)
    depth: int | None = Field(default=None, ge=1, le=96)
    vocab_size: int = Field(default=2048, ge=2, le=2_000_000)
    tokens_available: int | None = Field(default=None, ge=1)
    device: Literal["cpu", "cuda", "mps"] | None = None

    @model_validator(mode="after")
    def _one_question(self) -> "PlanAsk":
        if self.minutes is not None and self.depth is not None:
            raise ValueError("give minutes or depth, not both")
        return self


class ImportAsk(Spec):
    model_config = _example({"text": "width: 128\nlayers: 4\n"})

    text: str = Field(min_length=1, max_length=MAX_CHARACTERS)


class ArchitectureCreate(Spec):
    """Saves a first or a further version of `name`; the same document as the latest version's adds none."""

    model_config = _example({"name": "my-model", "document": examples.DOCUMENT})

    name: str = Field(max_length=63)
    document: Json
    project: str = Field(default=DEFAULT_PROJECT, max_length=63)
    note: str = Field(default="", max_length=500)


# --- what is answered ---------------------------------------------------------------------------------------------


class PresetView(Spec):
    id: str
    title: str
    family: str
    note: str
    source: str
    is_published: bool
    parameters: int
    document: Json


class PresetList(Spec):
    """Smallest first."""

    model_config = _example({"items": [examples.PRESET]})

    items: tuple[PresetView, ...]


class SchemaView(Spec):
    model_config = _example({"schema": {"type": "object", "properties": {}}})

    architecture_schema: Json = Field(alias="schema")


class CodeView(Spec):
    """A file of the model library, as it runs here."""

    model_config = _example({"file": "lm/model/norm/rms_norm.py", "text": '"""RMSNorm: ..."""'})

    file: str
    text: str


class ProblemView(Spec):
    message: str
    hint: str
    where: str


class ArchitectureMatrix(Spec):
    """A weight, or a product between activations (no shape)."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    flops_per_token: float
    role: Literal["matrix", "vector", "product"]


class ArchitecturePart(Spec):
    """`repeats`: in how many equal layers it stands; its figures are those of one. FLOPs: forward, one position."""

    id: str
    role: Literal["embedding", "position", "norm", "attention", "feed_forward", "residual", "head"]
    kind: str
    layer: int | None
    repeats: int
    title: str
    words: str
    idea: str
    formula: str
    source: str
    file: str
    matrices: tuple[ArchitectureMatrix, ...]
    parameters: int
    flops_per_token: float
    cached_per_token: int
    kept_per_token: float


class ArchitectureBlock(Spec):
    """`repeats` equal layers from `first` on."""

    first: int
    repeats: int
    parameters: int
    flops_per_token: float


class ExplainView(Spec):
    """With problems, all but them is null. `is_vocab_assumed`: nobody said how many tokens it knows."""

    model_config = _example(examples.EXPLANATION)

    document: Json | None
    problems: tuple[ProblemView, ...]
    vocab_size: int | None
    is_vocab_assumed: bool
    parameters: int | None
    embedding_parameters: int | None
    flops_per_token: float | None
    training_flops_per_token: float | None
    cache_bytes_per_token: int | None
    weight_bytes: int | None
    kept_per_token: float | None
    blocks: tuple[ArchitectureBlock, ...] | None
    parts: tuple[ArchitecturePart, ...] | None


class GenerationMemory(Spec):
    weights: int
    cache: int
    total: int


class GenerationEstimate(Spec):
    """One text of a full context; `tokens_per_s_bound`: what the memory's speed allows, null where it is not known."""

    memory_bytes: GenerationMemory
    tokens_per_s_bound: float | None


class DeviceView(Spec):
    """This machine's devices, then common sizes. `nearest`: field -> value with which training fits, e.g.
    `{"training.accumulation": 8}` or `{"layers": 12, "training.accumulation": 32}`; null where nothing helps."""

    device: str
    name: str
    kind: str
    dtype: str
    is_here: bool
    memory_bytes: int
    training_bytes: int
    generation_bytes: int
    fits_training: bool
    fits_generation: bool
    why: str | None = None
    hint: str | None = None
    nearest: Json | None = None


class ArchitectureEstimateView(Spec):
    model_config = _example(examples.ESTIMATE)

    vocab_size: int
    device: str
    dtype: str
    parameters: int
    flops_per_token: float
    checkpoint_bytes: int
    cache_bytes: int
    training: TrainingEstimate
    generation: GenerationEstimate
    devices: tuple[DeviceView, ...]


class RuleView(Spec):
    name: str
    sentence: str
    source: str


class PlanView(Spec):
    """`training`: fields of the config of train_model. `rule`: what was chosen and why; `rules`: those of the dial.

    `promised` is null where no training was finished here yet: `time_s` then leans on an assumed speed.
    """

    model_config = _example(examples.PLAN)

    depth: int
    document: Json
    training: Json
    parameters: int
    multiplying: int
    tokens: int
    training_flops: float
    epochs: float | None
    is_short_of_text: bool
    time_s: float | None
    based_on_runs: int
    is_speed_assumed: bool
    promised: Json | None
    rule: tuple[str, ...]
    rules: tuple[RuleView, ...]


class ImportView(Spec):
    """`notes`: what the text says and no part of ours does; it was left out."""

    model_config = _example({"document": examples.DOCUMENT, "format": "yaml", "notes": []})

    document: Json
    format: Literal["yaml", "json", "hub"]
    notes: tuple[str, ...]


class ArchitectureVersion(Spec):
    """`document` is null where the artifact is no longer in the store."""

    model_config = _example(examples.VERSION)

    version: int
    artifact: str
    note: str
    created_at: str
    is_present: bool
    document: Json | None


class RunArchitecture(Spec):
    """The architecture of the model that a run trains; `name` is the run's."""

    model_config = _example(examples.OF_RUN)

    name: str
    run: str
    document: Json


class ArchitectureRow(ArchitectureVersion):
    """An architecture at its latest version."""

    model_config = _example(examples.ROW)

    name: str
    project: str
    num_versions: int


class ArchitectureList(Spec):
    model_config = _example({"items": [examples.ROW]})

    items: tuple[ArchitectureRow, ...]


class ArchitectureDetail(ArchitectureRow):
    """All versions, the newest first; `etag` is what `If-Match` takes when a further one is saved."""

    model_config = _example(
        {**examples.ROW, "versions": [examples.VERSION], "aliases": {}, "etag": "6b1f0c93"}
    )

    versions: tuple[ArchitectureVersion, ...]
    aliases: dict[str, int]
    etag: str


class ChangeView(Spec):
    """A field that differs; one that only one side has is null on the other."""

    path: str
    before: Any
    after: Any


class CountsView(Spec):
    before: int | None
    after: int | None


class DiffView(Spec):
    model_config = _example(
        {"changes": [examples.CHANGE], "parameters": {"before": 1114112, "after": 1310720}}
    )

    changes: tuple[ChangeView, ...]
    parameters: CountsView
