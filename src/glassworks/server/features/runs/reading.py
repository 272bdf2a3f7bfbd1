"""What a training read at a step: the run's folder says which batch that was, a helper of its own reads it again.

The tokens travel over the helper's channel and this answer, never through events. The helper computes with one thread, so that
what trains beside it is hardly slowed; it starts when it is first asked and ends with the server.
"""

import threading

from glassworks.engine.reading_back import read_batch
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.training_text import training_run
from glassworks.server.features.runs.batch_schemas import BatchView
from glassworks.server.features.runs.service import find_feed
from glassworks.server.http.context import Context

_OPENING = threading.Lock()


class BatchReader(ToolsClient):
    """The helper that holds a model to score batches with."""


def batch(context: Context, run: str, step: int, row: int, rows: int, rank: int) -> BatchView:
    """Raises NotFound, InvalidSpec, BadData, and what the helper raises."""
    store = context.workshop.store
    training = training_run(store, store.runs.get(run))
    with _OPENING:
        tools = context.kept(BatchReader) or context.keep(BatchReader, BatchReader())
    found = read_batch(store, tools, training, step, row, rows, rank)
    return BatchView(**found, recorded_loss=_recorded(context, found["run"], step))


def _recorded(context: Context, run: str, step: int) -> float | None:
    """What the run wrote down, from the rows that the server follows anyway."""
    for one in reversed(find_feed(context, run).follower.kept):
        if int(one.values["step"]) == step and "loss" in one.values:
            return float(one.values["loss"])
    return None
