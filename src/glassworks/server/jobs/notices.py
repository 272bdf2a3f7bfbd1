"""Notices: what a person should hear of though they looked elsewhere. Written from events, shown until read."""

from sqlalchemy.orm import Session

from glassworks.server.db.tables import NoticeRow
from glassworks.server.live.frames import NoticeView
from glassworks.server.live.views import RunView
from glassworks.specs.events import FindingRaised, RunDone, RunFailed, RunStopped
from glassworks.storage.follow import Stamped


def write_notices(session: Session, view: RunView, events: list[Stamped]) -> list[NoticeView]:
    """Store and return the notices that these new events of a run and its children call for."""
    if view.kind != "flow":
        return []
    found = [row for stamped in events if (row := _notice(view, stamped)) is not None]
    last = {
        (row.kind, row.title): row for row in found
    }  # a child's end and its flow's are one piece of news
    for row in last.values():
        session.add(row)
    session.flush()
    return [notice_view(row) for row in last.values()]


def notice_view(row: NoticeRow) -> NoticeView:
    return NoticeView.model_validate({name: getattr(row, name) for name in NoticeView.model_fields})


def _notice(view: RunView, stamped: Stamped) -> NoticeRow | None:
    match stamped.event:
        case RunDone() if view.status == "done":
            words = f"{view.bits_per_byte:.3f} bits/byte" if view.bits_per_byte else ""
            return _row(view, stamped, "done", f"{view.name} is done.", words)
        case RunFailed(error=error) if view.status == "failed":
            return _row(view, stamped, "failed", f"{view.name} failed.", error.message)
        case RunStopped() if view.status == "stopped":
            return _row(view, stamped, "stopped", f"{view.name} is paused.", "")
        case FindingRaised(level="warn" | "bad") as finding:
            return _row(view, stamped, "finding", f"A finding in {view.name}.", finding.message)
        case _:
            return None


def _row(view: RunView, stamped: Stamped, kind: str, title: str, text: str) -> NoticeRow:
    return NoticeRow(
        time=stamped.event.time,
        project=view.project,
        kind=kind,
        run=view.id,
        title=title,
        text=text,
    )
