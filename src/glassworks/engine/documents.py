"""The two artifacts that a person writes: `architecture` and `flow`, one canonical JSON file each."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from glassworks.common.hashing import canonical_json
from glassworks.specs.artifact import ArtifactKind
from glassworks.storage.store import Store


def publish_document(store: Store, kind: ArtifactKind, document: dict[str, Any]) -> str:
    """Publish a document that the helper has validated and completed; returns the artifact's id."""
    store.artifacts.root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".document-", suffix=".tmp", dir=store.artifacts.root))
    try:
        (folder / f"{kind}.json").write_text(canonical_json(document) + "\n", encoding="utf-8")
        return store.artifacts.publish_folder(kind, folder, _summary(document)).id
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _summary(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if isinstance(value, int | float | str)}
