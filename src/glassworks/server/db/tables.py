"""The tables. `project`, `item`, `version`, `run` and `attempt` are an index of the store and can be rebuilt from it.

Times are `utc_now()` texts, whose order is time order. JSON columns hold what is only ever read whole.
"""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}


class UserRow(Base):
    """A person. A local installation has one, `local`, without a password."""

    __tablename__ = "user"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    persona: Mapped[str | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[str]


class SessionRow(Base):
    """A signed-in browser; of the cookie only the hash is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    csrf_token: Mapped[str]
    created_at: Mapped[str]
    expires_at: Mapped[str]


class SignInKeyRow(Base):
    """A one-time sign-in key that was handed out and not used yet; only its hash is kept."""

    __tablename__ = "sign_in_key"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[str]


class ProjectRow(Base):
    __tablename__ = "project"

    name: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[str]


class ItemRow(Base):
    __tablename__ = "item"

    project: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    aliases: Mapped[dict[str, Any]] = mapped_column(default=dict)


class VersionRow(Base):
    __tablename__ = "version"

    project: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    artifact: Mapped[str] = mapped_column(index=True)
    run: Mapped[str | None]
    note: Mapped[str]
    created_at: Mapped[str]


class RunRow(Base):
    """A flow run or a stage run. `view` is what lists show of it (`RunView`), `mark` tells whether it is still true."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_list", "kind", "project", "created_at", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    project: Mapped[str]
    recipe: Mapped[str | None]
    status: Mapped[str]
    created_at: Mapped[str]
    started_at: Mapped[str | None]
    ended_at: Mapped[str | None]
    flow_run: Mapped[str | None] = mapped_column(index=True)
    continues: Mapped[str | None]
    view: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mark: Mapped[str] = mapped_column(default="", server_default="")


class AttemptRow(Base):
    __tablename__ = "attempt"

    run: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[str]
    ended_at: Mapped[str | None]
    from_step: Mapped[int]
    outcome: Mapped[str | None]


class JobRow(Base):
    """A run that waits for its turn or is driven. `number` is its place: lower goes first."""

    __tablename__ = "job"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run: Mapped[str] = mapped_column(unique=True)
    project: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    is_proof: Mapped[bool] = mapped_column(default=False)
    """Its worker is to be killed on purpose, and the run resumed by itself."""
    created_at: Mapped[str]


class NoticeRow(Base):
    """Something that a person should hear of though they looked elsewhere."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    time: Mapped[str]
    project: Mapped[str]
    kind: Mapped[str]
    run: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    is_read: Mapped[bool] = mapped_column(default=False)


class AnswerRow(Base):
    """What a creating request was answered, kept for a day: the same `Idempotency-Key` gets the same answer."""

    __tablename__ = "answer"

    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[str]
