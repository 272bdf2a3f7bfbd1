"""Tokenize: documents and a tokenizer in, packed token ids out, for the training, the validation and the test part.

What a document's tokens are, and which of them are trained on, stands in `lm/data/encoding.py`.

Unusual: the work is cut into the row groups of the dataset (about 8 MB of text each), which several processes share; what
comes out is in the order of the documents and the same bytes whoever did it. What is finished is saved every few row
groups, so a run that was killed goes on from there: `state/step-N` holds the row groups that were finished up to the N-th
since the state before it, and all states of an attempt together hold them all.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.data import DatasetReader, TokenWriter
from glassworks.lm.data.documents import RowGroup
from glassworks.lm.data.encoding import TrainOn, encode_documents
from glassworks.lm.data.packed import PackedDocuments, load_packed
from glassworks.lm.data.processes import in_order
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.stage import Context, Port, Ports, Stopped
from glassworks.stages._sharing import (
    GROUPS_PER_PROCESS,
    Processes,
    SharedStage,
    num_processes,
    processes_field,
)

GROUPS_PER_STATE = 4
GROUPS_PER_PROCESS_WITH_THREADS = 4
"""`tiktoken` keeps the threads of one process as busy as two processes; only for a long work is the second worth its start."""
KEEP_ALL = 1 << 30
SAVED = re.compile(r"group-(\d+)\.npz")


class TokenizeDataset(SharedStage):
    """Turn text into token ids, packed for training."""

    version = 3
    libraries = ("numpy", "tokenizers")

    class Config(BaseConfig):
        separator: str = Field(
            default="end", description="Role of the special token that is put after each document."
        )
        train_on: TrainOn = Field(
            default="all",
            description="What is trained on in a conversation: all of it, what the assistant wrote, or its last answer.",
        )
        processes: Processes = processes_field()

    class Inputs(Ports):
        train: Annotated[Path, Port("dataset", "the documents to learn from")]
        validation: Annotated[Path | None, Port("dataset", "the documents held out")] = None
        test: Annotated[Path | None, Port("dataset", "the documents held out for the end")] = None
        tokenizer: Annotated[Path, Port("tokenizer", "how text is cut into tokens")]

    class Outputs(Ports):
        train: Annotated[Path, Port("tokens", "token ids to learn from")]
        validation: Annotated[
            Path, Port("tokens", "token ids held out; empty when no validation part is connected")
        ]
        test: Annotated[
            Path | None,
            Port("tokens", "token ids held out for the end, if a test part is connected"),
        ] = None

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        tokenizer = load_tokenizer(ctx.inputs.tokenizer)
        end_id = _separator_id(tokenizer, ctx.config.separator)
        sizes = [len(token) for token in tokenizer.token_bytes]
        groups = {
            "train": _row_groups(ctx.inputs.train),
            "validation": _row_groups(ctx.inputs.validation),
        }
        if ctx.inputs.test is not None:
            groups["test"] = _row_groups(ctx.inputs.test)
        finished = _finished(ctx, list(chain(*groups.values())), tokenizer, end_id)
        for part, its_groups in groups.items():
            folder = getattr(ctx.outputs, part)
            num_documents = sum(group.num_documents for group in its_groups)
            with TokenWriter(folder, sizes, end_id, ctx.input_ids.get("tokenizer", "")) as writer:
                for _ in its_groups:
                    writer.add_packed(next(finished))
                    ctx.progress(
                        writer.num_documents, num_documents, "documents", f"tokenizing {part}"
                    )
            ctx.summarize(part, writer.summary())
        _forget(ctx.state_dir)


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


def _row_groups(dataset: Path | None) -> list[RowGroup]:
    return [] if dataset is None else DatasetReader(dataset).row_groups()


# --- the work, group by group ------------------------------------------------------------------------------------


def _finished(
    ctx: Any, groups: list[RowGroup], tokenizer: Tokenizer, end_id: int
) -> Iterator[PackedDocuments]:
    """The row groups as tokens, in order: what an earlier attempt finished, then what is done now; saved on the way."""
    saved = _saved_groups(ctx.resume_from)
    if saved:
        ctx.log.info(f"{len(saved)} of {len(groups)} row groups were finished before")
    left = [group for number, group in enumerate(groups) if number not in saved]
    done_now = _work_on(left, ctx, tokenizer, end_id)
    waiting: dict[int, PackedDocuments] = {}
    try:
        for number in range(len(groups)):
            is_saved = number in saved
            waiting[number] = load_packed(saved[number]) if is_saved else next(done_now)
            yield waiting[number]
            if len(waiting) >= GROUPS_PER_STATE:
                _save(ctx, waiting)
                waiting = {}
    except Stopped:
        if waiting:
            _save(ctx, waiting)
        raise


def _work_on(
    groups: list[RowGroup], ctx: Any, tokenizer: Tokenizer, end_id: int
) -> Iterator[PackedDocuments]:
    """These groups as tokens, in order: by several processes with a thread each, or by this one with all threads."""
    has_threads = tokenizer.encoder_name == "tiktoken"
    per_process = GROUPS_PER_PROCESS_WITH_THREADS if has_threads else GROUPS_PER_PROCESS
    num = num_processes(ctx, len(groups), per_process)
    settings = {"end_id": end_id, "train_on": ctx.config.train_on}
    if num > 1:
        make_work = partial(_begin_work, ctx.inputs.tokenizer, settings)
        return in_order(make_work, groups, num, ctx.should_stop)
    work = partial(encode_documents, tokenizer=tokenizer, **settings)
    return in_order(lambda: work, groups, 1, ctx.should_stop)


def _begin_work(folder: Path, settings: dict[str, Any]) -> Callable[[RowGroup], PackedDocuments]:
    """What each of several processes does: it reads the tokenizer once, and encodes text by text in one thread."""
    return partial(encode_documents, tokenizer=load_tokenizer(folder), num_threads=1, **settings)


# --- what outlives a kill ----------------------------------------------------------------------------------------


def _save(ctx: Any, groups: dict[int, PackedDocuments]) -> None:
    def write(folder: Path) -> None:
        for number, tokens in groups.items():
            tokens.save(folder / f"group-{number}.npz")

    ctx.save_state(max(groups) + 1, write, keep=KEEP_ALL)


def _saved_groups(state: Path | None) -> dict[int, Path]:
    """Number -> file of each sound group that the attempt of this state has saved."""
    files = [] if state is None else state.parent.glob("step-*/group-*.npz")
    found = {int(match[1]): file for file in files if (match := SAVED.fullmatch(file.name))}
    return {number: file for number, file in found.items() if _is_sound(file)}


def _is_sound(file: Path) -> bool:
    try:
        load_packed(file)
    except BadData:
        return False
    return True


def _forget(state_dir: Path) -> None:
    """All is written: what was saved is not needed any more, and it is as large as the output."""
    for state in state_dir.glob("step-*"):
        shutil.rmtree(state)
