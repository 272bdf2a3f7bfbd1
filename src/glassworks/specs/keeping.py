"""Which saved checkpoints of a run stay: the policy that bounds what a long training takes of the disk.

In: the steps that were saved, the validation losses. Out: the steps that stay, by arithmetic alone. Three wishes add up; a
checkpoint that none of them names goes. The newest always stays, and so does one whose state a resume may need.
"""

from collections.abc import Collection, Mapping

from pydantic import Field

from glassworks.specs.base import Config


class KeepCheckpoints(Config):
    """Everything, unless `newest` is given; then the newest, every so many steps, and the best."""

    newest: int | None = Field(
        default=None, ge=1, description="Keep so many of the newest; left out: keep all."
    )
    every: int = Field(
        default=0, ge=0, description="Keep those of every so many steps for good; 0: none for that."
    )
    best: int = Field(
        default=0,
        ge=0,
        description="Keep so many with the lowest validation loss; 0: none for that.",
    )

    @property
    def is_all(self) -> bool:
        return self.newest is None

    def kept(
        self, steps: Collection[int], losses: Mapping[int, float], num_states: int = 1
    ) -> set[int]:
        """The steps that stay. `losses`: validation loss by step; one that was not measured is never among the best."""
        if self.newest is None:
            return set(steps)
        ordered = sorted(steps)
        kept = set(ordered[-max(self.newest, num_states, 1) :])
        if self.every:
            kept |= {step for step in ordered if step % self.every == 0}
        measured = sorted(
            (step for step in ordered if step in losses), key=lambda s: (losses[s], s)
        )
        return kept | set(measured[: self.best])

    def most_kept(self, saved_steps: Collection[int], num_states: int = 1) -> int:
        """How many stay at most, whichever turn out to be the best."""
        kept = self.kept(saved_steps, {}, num_states)
        return min(len(saved_steps), len(kept) + self.best)
