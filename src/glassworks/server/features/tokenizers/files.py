"""A tokenizer to take along: its `tokenizer.json`, or all of its files as a zip (roles and chat template too)."""

import io
import zipfile
from pathlib import Path

from glassworks.common.errors import InvalidSpec
from glassworks.engine.tokenizers import find_tokenizer
from glassworks.storage.store import Store

TOKENIZER_FILE = "tokenizer.json"


def tokenizer_file(store: Store, ref: str, project: str) -> tuple[Path, str]:
    """The `tokenizer.json` and what to call it. Raises as `find_tokenizer`; InvalidSpec for a known one."""
    folder, name = _folder(store, ref, project)
    return folder / TOKENIZER_FILE, f"{name}.{TOKENIZER_FILE}"


def tokenizer_zip(store: Store, ref: str, project: str) -> tuple[bytes, str]:
    """All files of the artifact, in one folder; a few megabytes at most."""
    folder, name = _folder(store, ref, project)
    files = [file.path for file in store.artifacts.manifest(folder.name).files]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(folder / file, f"{name}/{file}")
    return packed.getvalue(), f"{name}.zip"


def _folder(store: Store, ref: str, project: str) -> tuple[Path, str]:
    named = find_tokenizer(store, ref, project)
    if named.artifact is None:
        raise InvalidSpec(
            "not-an-artifact",
            f"{ref} is not kept here: its file belongs to the package that brought it.",
            "Download a tokenizer of your own.",
            "ref",
        )
    words = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in named.label)
    return store.artifacts.path(named.artifact), words.strip("-.") or "tokenizer"
