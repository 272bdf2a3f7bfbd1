"""Documents as token ids: which tokens there are, and which of them a model is trained on.

In: documents, a tokenizer, what to train on. Out: `PackedDocuments`, ready to be put behind others in a shard.

    a text                      its tokens, then the end token; all are trained on
    a text with `answer_start`  (offset of a character, in `meta`): trained on from there only
    a conversation              (`messages`, in `meta`) as the tokenizer's chat template writes it; which tokens the
                                assistant wrote is known exactly, and `TrainOn` says whether only those are trained on

Unusual: a conversation whose template ends it with the end token gets no second one, and that token is trained on only
where the assistant's words end the conversation. A tokenizer without a chat template reads a conversation as the plain text that it also is;
where only the assistant's words are to be trained on, that is an error.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from glassworks.common.errors import BadData
from glassworks.lm.data.documents import Document
from glassworks.lm.data.packed import PackedDocuments, join, pack
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.chat import Message, encode_chat
from glassworks.lm.tokenizer.encoders import Ids
from glassworks.specs.wording import words_of

TrainOn = Literal["all", "assistant", "last_assistant"]
"""In a conversation: every token, what the assistant wrote, or its last answer only."""
Encoded = tuple[Sequence[int] | Ids, list[bool] | None]
BATCH_BYTES = 8 << 20
MESSAGES = TypeAdapter(tuple[Message, ...])


def encode_documents(
    documents: Iterable[Document],
    tokenizer: Tokenizer,
    end_id: int,
    train_on: TrainOn = "all",
    num_threads: int | None = None,
) -> PackedDocuments:
    """The documents in order, each with its end token. num_threads: default all that there are.

    Raises BadData for a conversation that the template cannot write, InvalidSpec where it needs a template and there is none.
    """
    batches = _in_batches(documents)
    return join(
        [_encode_batch(batch, tokenizer, end_id, train_on, num_threads) for batch in batches],
        tokenizer.vocab_size,
    )


def _in_batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Enough documents at a time to keep all threads busy, few enough for little memory."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += document.num_bytes
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _encode_batch(
    documents: list[Document],
    tokenizer: Tokenizer,
    end_id: int,
    train_on: TrainOn,
    num_threads: int | None,
) -> PackedDocuments:
    is_chat = [_is_chat(document, tokenizer, train_on) for document in documents]
    texts = [d.text for d, is_one in zip(documents, is_chat, strict=True) if not is_one]
    ids_of_texts = iter(tokenizer.encode_arrays(texts, num_threads))
    encoded = [
        _encode_chat(document, tokenizer, end_id, train_on)
        if is_one
        else _end_text(document, tokenizer, next(ids_of_texts), end_id, train_on)
        for document, is_one in zip(documents, is_chat, strict=True)
    ]
    return pack(
        [document.id for document in documents],
        [ids for ids, _ in encoded],
        [mask for _, mask in encoded],
        tokenizer.vocab_size,
        sum(
            _num_decoded(tokenizer, ids) if is_one else document.num_bytes
            for document, is_one, (ids, _) in zip(documents, is_chat, encoded, strict=True)
        ),
    )


def _num_decoded(tokenizer: Tokenizer, ids: Sequence[int] | Ids) -> int:
    """Bytes of a conversation: those that its tokens stand for, since the template wrote some of them."""
    return sum(len(tokenizer.token_bytes[id_]) for id_ in ids)


def answer_mask(
    tokenizer: Tokenizer, document: Document, ids: Sequence[int] | Ids
) -> list[bool] | None:
    """Which tokens lie in the answer (a token that only begins before it counts too), or None: all are trained on."""
    if "answer_start" not in document.meta:
        return None
    num_before = len(document.text[: int(document.meta["answer_start"])].encode())
    edges = accumulate((len(tokenizer.token_bytes[id_]) for id_ in ids), initial=0)
    return [stop > num_before for _, stop in pairwise(edges)]


def _is_chat(document: Document, tokenizer: Tokenizer, train_on: TrainOn) -> bool:
    needs_template = train_on != "all"
    return "messages" in document.meta and (needs_template or tokenizer.chat_template is not None)


def _end_text(
    document: Document, tokenizer: Tokenizer, ids: Ids, end_id: int, train_on: TrainOn
) -> Encoded:
    """A text's tokens and its end token, which is always trained on: a model has to know when to stop."""
    mask = answer_mask(tokenizer, document, ids)
    if mask is None and train_on != "all":
        mask = [True] * len(ids)
    return np.append(ids, np.uint32(end_id)), None if mask is None else [*mask, True]


def _encode_chat(
    document: Document, tokenizer: Tokenizer, end_id: int, train_on: TrainOn
) -> Encoded:
    try:
        chat = encode_chat(tokenizer, MESSAGES.validate_python(document.meta["messages"]))
    except ValidationError as error:
        raise _not_a_conversation(document, error) from error
    except BadData as error:
        error.where = f"document {document.id}"
        raise
    ids, mask = list(chat.ids), list(chat.is_trained)
    if not ids or ids[-1] != end_id:
        ids, mask = [*ids, end_id], [*mask, bool(mask) and mask[-1]]
    if train_on == "all":
        return ids, None
    return ids, _only_last_stretch(mask) if train_on == "last_assistant" else mask


def _only_last_stretch(mask: list[bool]) -> list[bool]:
    """The last unbroken stretch of what is true, the rest false."""
    stop = len(mask)
    while stop and not mask[stop - 1]:
        stop -= 1
    start = stop
    while start and mask[start - 1]:
        start -= 1
    return [start <= place < stop for place in range(len(mask))]


def _not_a_conversation(document: Document, error: ValidationError) -> BadData:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return BadData(
        "bad-conversation",
        f"The messages of the document {document.id!r} are no conversation: {place}: {words_of(first)}",
        "A message has a role (system, user, assistant or tool) and a content; map the columns when importing.",
        f"document {document.id}",
    )
