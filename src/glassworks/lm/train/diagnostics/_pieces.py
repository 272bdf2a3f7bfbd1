"""Less memory for the same update: a batch computed in more pieces."""

from glassworks.lm.train.config import TrainConfig
from glassworks.specs.events import RemedySpec


def more_pieces(config: TrainConfig) -> RemedySpec:
    """The next larger number of pieces that divides the batch; a smaller batch where there is none."""
    size, now = config.batch_size, config.accumulation
    larger = [num for num in range(2 * now, size + 1) if size % num == 0]
    if larger:
        return RemedySpec(
            text=f"Compute the batch in {larger[0]} pieces: the same update with less memory.",
            settings={"accumulation": larger[0]},
        )
    return RemedySpec(
        text="The batch is computed one row at a time already; halve the context of the architecture.",
        settings={},
    )
