"""Sliding-window attention: each position sees only the `window` newest positions, itself included.

Idea: most of what matters is near. The work per position stays the same however long the text is, and what lies further
back still arrives in steps, one window per layer.

Formula: as grouped-query attention, with scores of keys more than window - 1 positions back set to minus infinity.
Shapes: those of `grouped`. Source: Beltagy et al. 2020, "Longformer"; Jiang et al. 2023, "Mistral 7B".
"""

from typing import ClassVar, Literal

from pydantic import Field

from glassworks.lm.model.attention._heads import Heads, SharedHeadsConfig
from glassworks.lm.model.attention.base import AttentionConfig


class SlidingWindowConfig(SharedHeadsConfig):
    kind: Literal["sliding_window"] = Field(
        default="sliding_window", description="Grouped-query attention over the newest positions."
    )
    window: int = Field(
        default=64, ge=1, le=1_000_000, description="Positions that a query sees, with itself."
    )

    @property
    def look_back(self) -> int | None:
        return self.window


class SlidingWindow(Heads):
    Config: ClassVar[type[AttentionConfig]] = SlidingWindowConfig
