"""The queue, in the database: which runs wait, in which order, and which are driven.

A run is in the queue from the moment it is ordered until its driver came back. What is there after a crash is what has to
be adopted. Pure SQL; threads and folders are `jobs.py`.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from glassworks.common.clock import utc_now
from glassworks.server.db.tables import JobRow

QUEUED, RUNNING = "queued", "running"


def enqueue(session: Session, run: str, project: str) -> bool:
    """Put a run at the end; False when it is in the queue already."""
    if find(session, run) is not None:
        return False
    session.add(JobRow(run=run, project=project, state=QUEUED, created_at=utc_now()))
    session.flush()
    return True


def find(session: Session, run: str) -> JobRow | None:
    return session.scalar(select(JobRow).where(JobRow.run == run))


def waiting(session: Session) -> list[str]:
    """Runs that wait, the next one first."""
    return list(
        session.scalars(select(JobRow.run).where(JobRow.state == QUEUED).order_by(JobRow.number))
    )


def take(session: Session, run: str) -> None:
    """Mark a waiting run as running."""
    job = find(session, run)
    assert job is not None
    job.state = RUNNING


def put_back(session: Session) -> list[str]:
    """After a start: whatever was being driven waits again, before all others, in its old order."""
    running = list(session.scalars(select(JobRow).where(JobRow.state == RUNNING)))
    for job in running:
        job.state = QUEUED
    return [job.run for job in running]


def remove(session: Session, run: str) -> None:
    if (job := find(session, run)) is not None:
        session.delete(job)
