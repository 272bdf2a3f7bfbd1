"""Describe: a dataset in; figures about it and an index of its words out. With a tokenizer its tokens are counted too.

Out: `statistics.json` (`specs/description.py`) and `search.sqlite` (`lm/data/searching.py`), both made in one pass.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from glassworks.lm.data import DatasetReader, Document
from glassworks.lm.data.searching import SearchWriter
from glassworks.lm.data.statistics import Statistics
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.description import STATISTICS_FILE, DescriptionSpec
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped

FILE_NUMBER = re.compile(r"documents-(\d+)\.parquet")


class DescribeDataset(Stage):
    """Count what is in a dataset, and make it searchable."""

    version = 2
    libraries = ("numpy", "pyarrow", "tokenizers")

    class Config(BaseConfig):
        """There is nothing to set."""

    class Inputs(Ports):
        dataset: Annotated[Path, Port("dataset", "the documents to describe")]
        tokenizer: Annotated[
            Path | None, Port("tokenizer", "if connected, tokens are counted too")
        ] = None

    class Outputs(Ports):
        description: Annotated[Path, Port("description", "figures, and an index for search")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        folder = ctx.outputs.description
        statistics = _statistics(ctx)
        with SearchWriter(folder) as search:
            for document, *place in _placed(DatasetReader(ctx.inputs.dataset), ctx):
                statistics.add(document)
                search.add(document, *place)
            found = statistics.spec()
            search.finish(_should_stop_indexing(ctx, found.num_documents))
        text = json.dumps(found.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / STATISTICS_FILE).write_text(text + "\n", encoding="utf-8")
        ctx.summarize("description", _summary(found))


def _statistics(ctx: Any) -> Statistics:
    if ctx.inputs.tokenizer is None:
        return Statistics()
    return Statistics(load_tokenizer(ctx.inputs.tokenizer), ctx.input_ids["tokenizer"])


def _placed(dataset: DatasetReader, ctx: Any) -> Iterator[tuple[Document, int, int, int]]:
    """Each document with the number of its file, its row group and its row there; with progress as they are read."""
    done = 0
    for group in dataset.row_groups():
        match = FILE_NUMBER.fullmatch(group.path.name)
        file = int(match[1]) if match else 0
        for row, document in enumerate(group):
            if ctx.should_stop():
                raise Stopped
            yield document, file, group.number, row
            done += 1
            ctx.progress(done, dataset.num_documents, "documents", "describing")


def _should_stop_indexing(ctx: Any, num_documents: int) -> Callable[[], bool]:
    """Asked again and again while the index is finished; says each time that the work goes on."""

    def should_stop() -> bool:
        ctx.progress(num_documents, num_documents, "documents", "indexing")
        return bool(ctx.should_stop())

    return should_stop


def _summary(found: DescriptionSpec) -> dict[str, Any]:
    summary: dict[str, Any] = {"documents": found.num_documents, "bytes": found.num_bytes}
    if found.tokens is not None:
        summary["tokens"] = found.tokens.num_tokens
    return summary
