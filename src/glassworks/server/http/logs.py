"""Structured logs of the server: one JSON object a line in `<home>/logs/server.jsonl`, kept to 5 files of 5 MB.

Our own modules log through the standard library (`common.logging`); structlog renders everything, requests included.
"""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog

MAX_BYTES, NUM_FILES = 5 << 20, 5
_access = structlog.get_logger("glassworks.server.access")
_QUIET = {"/healthz", "/metrics"}


def log_to_folder(folder: Path) -> logging.Handler:
    """Send all that this process logs below `glassworks` to `folder`; returns the handler so that it can be removed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = structlog.processors.TimeStamper(fmt="iso", key="time")
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, stamp]
    handler = RotatingFileHandler(
        folder / "server.jsonl", maxBytes=MAX_BYTES, backupCount=NUM_FILES, encoding="utf-8"
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.dict_tracebacks,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    root = logging.getLogger("glassworks")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    for name in ("uvicorn", "asyncio"):  # why a start failed, and what nobody waited for
        logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger(name).addHandler(handler)
    handler.addFilter(_is_news)
    return handler


def _is_news(record: logging.LogRecord) -> bool:
    """uvicorn tells of a failed request a second time, without its id."""
    return not record.getMessage().startswith("Exception in ASGI application")


def access_log(request_id: str, method: str, path: str, status: int, took_s: float) -> None:
    """One line a request, without its query (keys and texts may stand there)."""
    if path not in _QUIET:
        _access.info(
            "request",
            request_id=request_id,
            method=method,
            path=path,
            status=status,
            duration_s=round(took_s, 4),
        )
