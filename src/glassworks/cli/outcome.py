"""How a driven or watched run ended, told and turned into an exit code: 0 done, 130 stopped, 2 failed."""

from typing import Any

from glassworks.cli.console import stderr, stdout
from glassworks.cli.display.ending import main_result, tell_done, tell_stopped
from glassworks.cli.display.live import make_display
from glassworks.cli.display.remedies import tell_findings
from glassworks.cli.display.sweep_table import table_json, tell_table
from glassworks.cli.driving import Work, drive_and_show
from glassworks.cli.failures import EXIT_FAILED, EXIT_STOPPED, print_json, tell_error
from glassworks.common.errors import BadData, GlassworksError, error_from_dict, needs_other_settings
from glassworks.common.settings import load_settings
from glassworks.engine.follow import FlowFollower

MEASURING = "Measuring this machine, once, then planning."
PLANNING = "Planning."


def run_and_tell(work: Work, is_json: bool, is_quiet: bool) -> int:
    """Drive `work` on screen, say how it ended; returns the exit code."""
    console = stderr() if is_json else stdout()
    display = make_display(console, is_quiet)
    words = PLANNING if load_settings().machine_file.exists() else MEASURING
    result = drive_and_show(work, display, words)
    return tell_outcome(_follower(result.run), is_json, is_quiet)


def tell_outcome(follower: FlowFollower, is_json: bool, is_quiet: bool) -> int:
    """Say how the run stands, which nobody drives any more."""
    state = follower.state
    status = state.status if state.status in ("done", "failed") else "stopped"
    summary = {"run": follower.run.id, "state": status, "outputs": state.outputs}
    if not is_json and not is_quiet:
        tell_findings(stdout(), follower)
    if status == "failed":
        tell_error(failure_of(follower), is_json, summary)
        return EXIT_FAILED
    is_sweep = follower.spec.plan is not None and follower.spec.plan.sweep is not None
    if is_json:
        print_json({**summary, "sweep": table_json(follower)} if is_sweep else summary)
    elif status == "stopped":
        tell_stopped(stdout(), follower)
    elif is_quiet:
        stdout().print(f"{follower.run.id} done {main_result(follower).reference}".rstrip())
    elif is_sweep:
        tell_table(follower)
    else:
        tell_done(stdout(), follower)
    return 0 if status == "done" else EXIT_STOPPED


def failure_of(follower: FlowFollower) -> GlassworksError:
    """The run's error, with the command that goes on in its hint, unless its settings must change first."""
    fields: dict[str, Any] = follower.state.error.to_json() if follower.state.error else {}
    error = error_from_dict(fields)
    if not needs_other_settings(type(error).__name__):
        first = "Once that is mended, " if isinstance(error, BadData) else ""
        again = f"{first}`glassworks resume {follower.run.id}` tries again."
        error.hint = f"{error.hint} {again}".strip()
    return error


def _follower(run: str) -> FlowFollower:
    from glassworks import api

    follower = api.watch(run)
    follower.poll()
    return follower
