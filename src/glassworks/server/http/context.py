"""What every endpoint is handed: the opened house, through FastAPI's dependencies.

`ContextDep` the whole; `SessionDep` a database session, one transaction a request; `ProjectQuery` the project asked about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from glassworks.common.clock import utc_now
from glassworks.common.hashing import hash_json
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.closing import Closing
from glassworks.engine.workshop import Workshop
from glassworks.server.db.database import Database
from glassworks.server.jobs.jobs import Jobs
from glassworks.server.live.hub import Hub

ClosingT = TypeVar("ClosingT", bound=Closing)


@dataclass
class Context:
    """The opened house. `token` is what the command line shows instead of a session."""

    workshop: Workshop
    database: Database
    hub: Hub
    jobs: Jobs
    token: str
    started_at: str = field(default_factory=utc_now)
    _kept: dict[type[Any], Any] = field(default_factory=dict)

    @property
    def home_id(self) -> str:
        """Eight digits that tell this home from others on the same machine; part of the cookie's name."""
        return hash_json(str(self.workshop.settings.home))[:8]

    @property
    def cookie(self) -> str:
        return f"glassworks_{self.home_id}"

    def keep(self, kind: type[ClosingT], opened: ClosingT) -> ClosingT:
        """Hold something that has to be closed with the server; asked for again by `kept`."""
        kept: ClosingT = self._kept.setdefault(kind, opened)
        return kept

    def kept(self, kind: type[ClosingT]) -> ClosingT | None:
        return self._kept.get(kind)

    def close(self) -> None:
        """Close what was kept, the last one first."""
        while self._kept:
            self._kept.popitem()[1].close()


def get_context(connection: HTTPConnection) -> Context:
    context: Context = connection.app.state.context
    return context


ContextDep = Annotated[Context, Depends(get_context)]


def get_session(context: ContextDep) -> Iterator[Session]:
    with context.database.transaction() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session, scope="function")]
"""Committed before the answer goes out: whoever has the answer can rely on it."""
ProjectQuery = Annotated[str, Query(description="Name of the project.", examples=[DEFAULT_PROJECT])]
