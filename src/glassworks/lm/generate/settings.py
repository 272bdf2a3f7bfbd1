"""How to write: the settings of one sample.

In: what a person or a recipe asks for. Out: a frozen `GenerateSettings`. Nothing here needs torch.
"""

from pydantic import Field

from glassworks.specs.base import Config


class GenerateSettings(Config):
    """Settings of one sample. The defaults keep every token possible and cool the model down a little."""

    temperature: float = Field(
        default=0.8,
        ge=0,
        le=10,
        description="Below 1 the likely tokens gain, above 1 the rare ones; 0 always takes the likeliest.",
    )
    top_k: int = Field(
        default=0, ge=0, description="Keep only this many of the likeliest tokens; 0 keeps all."
    )
    top_p: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="Keep the likeliest tokens that together reach this probability; 1 keeps all.",
    )
    min_p: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Drop tokens less likely than this share of the likeliest one; 0 keeps all.",
    )
    repetition_penalty: float = Field(
        default=1.0,
        gt=0,
        le=10,
        description="Above 1, tokens that stand in the prompt or were written lose; 1 is off.",
    )
    frequency_penalty: float = Field(
        default=0.0,
        ge=-2,
        le=2,
        description="Above 0, a token loses this much each time that it was written; 0 is off.",
    )
    presence_penalty: float = Field(
        default=0.0,
        ge=-2,
        le=2,
        description="Above 0, a token loses this much once it was written; 0 is off.",
    )
    seed: int = Field(default=1337, ge=0, lt=2**31, description="Start of the sample's own stream.")
    max_tokens: int = Field(default=200, ge=1, description="Longest sample, in tokens.")
    stop: tuple[str, ...] = Field(
        default=(), description="Texts that end the sample; they are not part of it."
    )

    @property
    def has_penalties(self) -> bool:
        """Whether what was read or written changes what comes next."""
        is_repetition = self.repetition_penalty != 1
        return is_repetition or self.frequency_penalty != 0 or self.presence_penalty != 0
