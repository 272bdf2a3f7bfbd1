"""Artifacts: immutable folders named by their content.

The id is sha256 over the kind and the sorted (path, file sha256). The manifest holds nothing of who or when: that is
the run's. Contents by kind:

    dataset       documents-*.parquet (id, text, source, group, meta)
    tokenizer     tokenizer.json + roles.json
    tokens        shard-*.bin (uint16, uint32 above 65,536 ids) + documents.npy + mask-*.bin where not all is trained on;
                  a mixture: its parts' files side by side, sizes and weights in tokens.json
    architecture  architecture.json
    checkpoint    model.safetensors + architecture.json + checkpoint.json (step, tokenizer id)
    evaluation    evaluation.json + items.parquet
    description   statistics.json + search.sqlite
    text_index    text-*.bin + suffixes-*.bin + starts.npy + documents.parquet + index.json
    flow          flow.json
    export        the target's layout
"""

from typing import Any, Literal, get_args

from pydantic import Field

from glassworks.common.hashing import hash_json
from glassworks.specs.base import Spec

ArtifactKind = Literal[
    "dataset",
    "tokenizer",
    "tokens",
    "architecture",
    "checkpoint",
    "evaluation",
    "description",
    "text_index",
    "flow",
    "export",
]
ARTIFACT_KINDS: tuple[str, ...] = get_args(ArtifactKind)
MANIFEST = "manifest.json"


class FileSpec(Spec):
    """One file of an artifact; `path` is relative, with forward slashes."""

    path: str
    size_bytes: int = Field(ge=0)
    sha256: str


class ManifestSpec(Spec):
    """`manifest.json`, written last: what has one is complete."""

    format: int = 1
    id: str
    kind: ArtifactKind
    files: tuple[FileSpec, ...]
    summary: dict[str, Any] = {}

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


def artifact_id(kind: str, files: tuple[FileSpec, ...]) -> str:
    """The content's name: 64 hex digits."""
    return hash_json([kind, sorted((file.path, file.sha256) for file in files)])
