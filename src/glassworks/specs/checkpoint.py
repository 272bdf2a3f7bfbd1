"""What is told of a run's checkpoints: one row each, and what reading one again has found."""

from glassworks.specs.base import Spec


class CheckpointRow(Spec):
    """One saved step. `size_bytes`: without the state beside it, 0 where it is gone. `names`: models that mean it, `name@version`; `kept_as`: that of them which keeping gave.

    `has_state`: the optimizer and the place in the data are there too, so a branch goes on exactly. `damage`: what is seen without
    reading its bytes, in words; empty when it is whole.
    """

    step: int
    artifact: str
    size_bytes: int
    names: tuple[str, ...] = ()
    kept_as: str | None = None
    has_state: bool = False
    damage: str = ""


class CheckpointCheck(Spec):
    """What reading every byte of a checkpoint again has found; `problems` is empty when it is what was saved."""

    step: int
    size_bytes: int
    problems: tuple[str, ...] = ()
