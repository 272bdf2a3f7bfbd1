"""Watch a run that another command drives.

In: a run. Out: the same picture as there; `--json` gives one object a line. Unusual: looking changes nothing.
"""

import contextlib
import time

import typer

from glassworks.cli.options import JsonOption, RunArgument

EXAMPLES = """
glassworks watch r4k7m2p9xq
glassworks watch first-model --json
"""
POLL_S = 0.25
ABANDONED_S = 3.0
NOTE = "Ctrl-C leaves; the run goes on."


def command(run: RunArgument, is_json: JsonOption = False) -> None:
    """Watch a run that another command drives, in this terminal too. Ctrl-C leaves; the run goes on.

    With --json each new fact is one object on a line, the last one being the run's outcome.
    """
    from glassworks import api
    from glassworks.cli.console import stderr, stdout
    from glassworks.cli.display.live import Display, JsonDisplay, make_display
    from glassworks.cli.failures import EXIT_STOPPED
    from glassworks.cli.outcome import tell_outcome
    from glassworks.engine.follow import FlowFollower

    def follow(follower: FlowFollower, display: Display) -> None:
        """Show the run until it ends, or until nobody has driven it for a while."""
        driven_at = time.monotonic()
        while True:
            is_driven = follower.is_driven  # before the poll: what was written until then is read
            follower.poll()
            display.show(follower)
            driven_at = time.monotonic() if is_driven else driven_at
            is_ended = follower.state.status in ("done", "stopped", "failed")
            if not is_driven and (is_ended or time.monotonic() - driven_at > ABANDONED_S):
                return
            time.sleep(POLL_S)

    follower = api.watch(run)
    display: Display = JsonDisplay(stderr(), every_s=1.0) if is_json else make_display(stdout())
    display.note = NOTE
    is_left = True
    with contextlib.suppress(KeyboardInterrupt):
        try:
            follow(follower, display)
            is_left = False
        finally:
            display.close(follower)
    if is_left:
        stderr().print(f"Left. Run {follower.run.id} goes on without being watched.", style="quiet")
        raise typer.Exit(EXIT_STOPPED)
    raise typer.Exit(tell_outcome(follower, is_json, is_quiet=False))
