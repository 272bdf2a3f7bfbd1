"""Structured logs: one JSON object a line, the same shape in every process.

`{"time", "level", "logger", "message", ...}`; whatever is passed as `extra={"fields": {...}}` is merged in.
"""

import json
import logging
from pathlib import Path

from glassworks.common.clock import utc_now


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": utc_now(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_file(path: Path, level: int = logging.INFO) -> logging.Handler:
    """Send the `glassworks` logger's lines to `path` (appended); returns the handler so that it can be removed."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger("glassworks")
    root.setLevel(level)
    root.addHandler(handler)
    return handler


def get_logger(name: str) -> logging.Logger:
    """A logger below `glassworks`."""
    return logging.getLogger(name if name.startswith("glassworks") else f"glassworks.{name}")
