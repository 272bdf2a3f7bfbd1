"""Telling what went wrong: two lines on stderr (what happened; what to do), or one JSON object with `--json`.

A `GlassworksError` is told in its own words, a mistake in the command line with where the help is, and a defect of the
program with where its traceback was written (`GLASSWORKS_DEBUG=1` shows it at once).
"""

import json
import sys
from typing import Any

from typer.exceptions import TyperException

from glassworks.common.errors import GlassworksError, InvalidSpec
from glassworks.common.settings import load_settings

EXIT_FAILED = 2
EXIT_DEFECT = 1
EXIT_STOPPED = 130


def tell_error(error: GlassworksError, is_json: bool, more: dict[str, Any] | None = None) -> None:
    """`more`: further fields of the JSON object, e.g. the run that failed."""
    if is_json:
        print_json({**(more or {}), **error.to_dict()})
    else:
        _two_lines(_sentence(error), error.hint)


def tell_misuse(error: TyperException, is_json: bool) -> None:
    """A command line that cannot be read."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "glassworks"
    message = " ".join(error.format_message().split())
    hint = f"`{command} --help` shows how it is used."
    tell_error(InvalidSpec("bad-command-line", message, hint, command), is_json)


def tell_defect(error: Exception, is_json: bool) -> None:
    """Something that should not happen: its traceback goes to the log."""
    message = f"Glassworks has a defect: {type(error).__name__}: {error}".partition("\n")[0]
    hint = f"The traceback is in {_write_traceback()}; GLASSWORKS_DEBUG=1 shows it here."
    tell_error(GlassworksError("internal", message, hint), is_json)


def print_json(value: Any) -> None:
    """One JSON object, one line, on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def _sentence(error: GlassworksError) -> str:
    is_named = not error.where or error.where in error.message + error.hint
    return error.message if is_named else f"{error.message} ({error.where})"


def _two_lines(message: str, hint: str) -> None:
    """Exactly two lines, however the texts were made."""
    from glassworks.cli.console import make_console  # only now: rich is not needed to succeed

    console = make_console(is_stderr=True)
    console.print("× ", style="bad", end="")
    console.print(" ".join(message.split()), soft_wrap=True)
    console.print("  " + " ".join(hint.split()), style="glass", soft_wrap=True)


def _write_traceback() -> str:
    """Append the current traceback to the log; returns where, or what keeps it from being written."""
    from glassworks.common.logging import get_logger, log_to_file

    file = load_settings().home / "logs" / "cli.jsonl"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = log_to_file(file)
    except OSError as error:
        return f"no file ({file} cannot be written: {error.strerror})"
    get_logger("cli").error("defect", exc_info=True)
    handler.close()
    get_logger("glassworks").removeHandler(handler)
    return str(file)
