"""Tokenize: documents and a tokenizer in, packed token ids out, for the training and for the validation part.

A document whose `meta` has `answer_start` (the offset of a character) is trained on from there only: the mask lies
beside the ids.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data import DatasetReader, Document, TokenWriter
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.stage import Context, Port, Ports, Stage, Stopped

GROUP_BYTES = 4 << 20


class TokenizeDataset(Stage):
    """Turn text into token ids, packed for training."""

    version = 1
    libraries = ("numpy", "tokenizers")

    class Config(BaseConfig):
        separator: str = Field(
            default="end", description="Role of the special token that is put after each document."
        )

    class Inputs(Ports):
        train: Annotated[Path, Port("dataset", "the documents to learn from")]
        validation: Annotated[Path | None, Port("dataset", "the documents held out")] = None
        tokenizer: Annotated[Path, Port("tokenizer", "how text is cut into tokens")]

    class Outputs(Ports):
        train: Annotated[Path, Port("tokens", "token ids to learn from")]
        validation: Annotated[
            Path, Port("tokens", "token ids held out; empty when no validation part is connected")
        ]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        tokenizer = load_tokenizer(ctx.inputs.tokenizer)
        end_id = _separator_id(tokenizer, ctx.config.separator)
        parts: tuple[tuple[str, Path | None, Path], ...] = (
            ("train", ctx.inputs.train, ctx.outputs.train),
            ("validation", ctx.inputs.validation, ctx.outputs.validation),
        )
        for part, dataset, folder in parts:
            sizes = [len(token) for token in tokenizer.token_bytes]
            with TokenWriter(folder, sizes, end_id, ctx.input_ids.get("tokenizer", "")) as writer:
                if dataset is not None:
                    _tokenize(DatasetReader(dataset), tokenizer, writer, ctx, part)
            ctx.summarize(part, writer.summary())


def answer_mask(tokenizer: Tokenizer, document: Document, ids: list[int]) -> list[bool] | None:
    """Which tokens lie in the answer (a token that only begins before it counts too), or None: all are trained on."""
    if "answer_start" not in document.meta:
        return None
    num_before = len(document.text[: int(document.meta["answer_start"])].encode())
    edges = accumulate((len(tokenizer.token_bytes[id_]) for id_ in ids), initial=0)
    return [stop > num_before for _, stop in pairwise(edges)]


def _separator_id(tokenizer: Tokenizer, role: str) -> int:
    end_id = tokenizer.role_id(role)
    if end_id is None:
        raise InvalidSpec(
            "unknown-role",
            f"The tokenizer has no special token with the role {role!r}.",
            f"Its roles are: {', '.join(sorted(tokenizer.roles)) or 'none'}.",
            "separator",
        )
    return end_id


def _tokenize(
    dataset: DatasetReader, tokenizer: Tokenizer, writer: TokenWriter, ctx: Any, part: str
) -> None:
    for documents in _in_groups(dataset):
        if ctx.should_stop():
            raise Stopped
        many = tokenizer.encode_many([document.text for document in documents])
        for document, ids in zip(documents, many, strict=True):
            writer.add(document.id, ids, answer_mask(tokenizer, document, ids))
        ctx.progress(writer.num_documents, dataset.num_documents, "documents", f"tokenizing {part}")


def _in_groups(dataset: DatasetReader) -> Iterator[list[Document]]:
    """Enough documents at a time to keep all threads busy, few enough for little memory."""
    group: list[Document] = []
    size = 0
    for document in dataset:
        group.append(document)
        size += document.num_bytes
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
