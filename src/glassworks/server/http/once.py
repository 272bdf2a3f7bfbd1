"""Creating exactly once: a request with an `Idempotency-Key` that came before gets the answer from before.

The key belongs to the request's content: the same key with another body is refused. Answers are kept for a day.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar
from zlib import crc32

from fastapi import Header
from sqlalchemy import delete

from glassworks.common.clock import utc_now
from glassworks.common.errors import Conflict
from glassworks.common.hashing import hash_json
from glassworks.server.db.tables import AnswerRow
from glassworks.server.http.context import Context
from glassworks.specs.base import Spec

AnswerT = TypeVar("AnswerT", bound=Spec)
LOCKS = [threading.Lock() for _ in range(64)]
"""The same key always falls to the same lock, so a repetition waits for the first one's answer."""
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Any text of your own; the same key creates only once.",
        examples=["3f1c"],
    ),
]


def once(
    context: Context,
    key: str | None,
    body: Spec,
    kind: type[AnswerT],
    create: Callable[[], AnswerT],
) -> AnswerT:
    """`create()`, or what it answered when this key came before. Raises Conflict for a key used for something else."""
    if key is None:
        return create()
    with LOCKS[crc32(key.encode()) % len(LOCKS)]:
        return _once(context, key, body, kind, create)


def _once(
    context: Context, key: str, body: Spec, kind: type[AnswerT], create: Callable[[], AnswerT]
) -> AnswerT:
    wanted = hash_json([kind.__name__, body.to_json()])
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with context.database.transaction() as session:
        session.execute(delete(AnswerRow).where(AnswerRow.created_at < yesterday))
        before = session.get(AnswerRow, key)
        if before is not None:
            if before.request_hash != wanted:
                raise Conflict(
                    "key-reused",
                    f"The Idempotency-Key {key!r} was used for another request.",
                    "Give each new request a key of its own.",
                )
            return kind.model_validate(before.body)
    answer = create()
    with context.database.transaction() as session:
        session.merge(
            AnswerRow(key=key, request_hash=wanted, body=answer.to_json(), created_at=utc_now())
        )
    return answer
