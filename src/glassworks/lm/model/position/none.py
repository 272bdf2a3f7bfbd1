"""No position signal at all.

Idea: causal attention alone tells positions apart, because position t sees exactly t tokens before it. Weaker on short
training, and a clean control when other ways are compared.
Formula: x -> x. Shapes: no weights.
Source: Haviv et al. 2022, "Transformer Language Models without Positional Encodings Still Learn Positional Information";
Kazemnejad et al. 2023 (NoPE).
"""

from typing import ClassVar, Literal

from pydantic import Field

from glassworks.lm.model.position.base import Position, PositionConfig


class NoPositionConfig(PositionConfig):
    kind: Literal["none"] = Field(default="none", description="No position signal.")

    def check_head_width(self, head_width: int) -> str:
        return ""


class NoPosition(Position):
    Config: ClassVar[type[PositionConfig]] = NoPositionConfig

    def __init__(self, config: NoPositionConfig, width: int, context: int, head_width: int) -> None:
        super().__init__()
