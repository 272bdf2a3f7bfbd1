"""What a training takes of the disk, by its keep-policy, before it starts. Arithmetic alone.

In: how often is saved and what stays, the number of steps, the size of one save. Out: bytes at the fullest moment.
"""

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.specs.keeping import KeepCheckpoints


class SavePolicy(Spec):
    """How often is saved and what stays: the fields of these names in a training's settings."""

    checkpoint_every: int = Field(ge=0)
    keep_states: int = Field(ge=1)
    keep_checkpoints: KeepCheckpoints = KeepCheckpoints()


class SaveSize(Spec):
    """Bytes of one save. A state's weights are its checkpoint's (hard links), so they count once."""

    checkpoint: int = Field(ge=0)
    memory: int = Field(ge=0)
    """What the optimizer remembers."""


class DiskSplit(Spec):
    """Bytes on disk at the fullest moment: checkpoints, and what the kept states hold beyond them."""

    checkpoints: int
    states: int
    num_checkpoints: int
    """How many stay in the end."""

    @property
    def total(self) -> int:
        return self.checkpoints + self.states


def disk_bytes(policy: SavePolicy, steps: int, size: SaveSize) -> DiskSplit:
    """The most that a run of `steps` steps holds: what stays, and the save that is being written."""
    saved = saved_steps(policy.checkpoint_every, steps)
    num_states = min(policy.keep_states, len(saved))
    num_checkpoints = policy.keep_checkpoints.most_kept(saved, num_states)
    in_flight = int(len(saved) > num_states)
    more = int(len(saved) > num_checkpoints)
    return DiskSplit(
        checkpoints=(num_checkpoints + more) * size.checkpoint,
        states=(num_states + in_flight) * size.memory,
        num_checkpoints=num_checkpoints,
    )


def saved_steps(checkpoint_every: int, steps: int) -> list[int]:
    """The steps after which a run of `steps` steps is saved; the last always is."""
    every = range(checkpoint_every, steps + 1, checkpoint_every) if checkpoint_every else ()
    return sorted({*every, steps})
