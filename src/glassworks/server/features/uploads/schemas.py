"""What the upload calls take and answer. Sizes and offsets are bytes."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from glassworks.specs.base import Spec

PREVIEW: dict[str, Any] = {
    "text": "It was a bright cold day in April.",
    "num_bytes": 586_000,
    "num_characters": 580_400,
    "num_lines": 9_812,
    "num_documents": 1_204,
}
UPLOAD: dict[str, Any] = {
    "id": "4f1c9b2e77a01d35",
    "name": "novel.txt",
    "size_bytes": 586_000,
    "offset": 586_000,
    "state": "complete",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "preview": PREVIEW,
    "chunk_bytes": 4_194_304,
    "created_at": "2026-03-01T12:00:00.000000Z",
}


class TextPreview(Spec):
    """What is in a text. `text` is its beginning; `num_documents` the passages that a recipe cuts it into."""

    text: str
    num_bytes: int
    num_characters: int
    num_lines: int
    num_documents: int


class UploadCreate(Spec):
    """A file that is going to be sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "novel.txt", "size_bytes": 586_000}]}
    )

    name: str = Field(max_length=4096)
    size_bytes: int = Field(ge=0)
    folder: str | None = Field(
        default=None,
        description="The upload folder that it belongs to; `name` is then its path in there, and any kind of file is taken.",
    )


class UploadComplete(Spec):
    """`sha256` of the whole file, if the sender knows it."""

    sha256: str | None = Field(
        default=None, pattern=r"^[0-9a-fA-F]{64}$", examples=[UPLOAD["sha256"]]
    )


class UploadView(Spec):
    """An upload; send on from `offset`, in pieces of about `chunk_bytes`. `preview` once it is complete."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOAD]})

    id: str
    name: str
    size_bytes: int
    offset: int
    state: Literal["open", "complete"]
    sha256: str | None = None
    preview: TextPreview | None = None
    chunk_bytes: int
    created_at: str
    folder: str | None = None


class UploadList(Spec):
    """The newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [UPLOAD]}]})

    items: tuple[UploadView, ...]


FOLDER: dict[str, Any] = {
    "id": "9b2e77a01d354f1c",
    "name": "kiln-archive",
    "state": "open",
    "num_files": 2,
    "num_open": 1,
    "size_bytes": 41_586_000,
    "offset": 20_586_000,
    "created_at": "2026-03-01T12:00:00.000000Z",
}


class UploadFolderCreate(Spec):
    """A folder of files that are going to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "kiln-archive"}]})

    name: str = Field(max_length=4096)


class ExpectedFile(Spec):
    """A file that is going to be sent: its path in the folder, and its bytes."""

    name: str = Field(max_length=4096)
    size_bytes: int = Field(ge=0)


class ExpectedFiles(Spec):
    """Files that are going to be sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"files": [{"name": "logs/2023.txt", "size_bytes": 9_812}]}]
        }
    )

    files: tuple[ExpectedFile, ...] = Field(max_length=5_000)


class UploadFolderView(Spec):
    """A folder of uploads: how many files, how many of them have not arrived whole, bytes announced and arrived."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOLDER]})

    id: str
    name: str
    state: Literal["open", "complete"]
    num_files: int
    num_open: int
    size_bytes: int
    offset: int
    created_at: str


class UploadFolderDetail(UploadFolderView):
    """With its files, by their paths, and those that were announced and of which nothing has arrived."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**FOLDER, "files": [{**UPLOAD, "folder": FOLDER["id"]}], "missing": []}]
        }
    )

    files: tuple[UploadView, ...]
    missing: tuple[ExpectedFile, ...]
