"""The settings of a training run, as a person writes them. Nothing here needs torch beyond what the registries load.

In: a recipe's `config` of `train_model`. Out: a frozen `TrainConfig`; `auto` values are replaced before a run starts.
"""

from typing import Annotated

from pydantic import Field, model_validator

from glassworks.lm.train.objectives import OBJECTIVES
from glassworks.lm.train.objectives.base import ObjectiveConfig
from glassworks.lm.train.objectives.next_token import NextTokenConfig
from glassworks.lm.train.optimizers import OPTIMIZERS
from glassworks.lm.train.optimizers.base import OptimizerConfig
from glassworks.lm.train.optimizers.muon import MuonConfig
from glassworks.lm.train.precision import Device, DType
from glassworks.lm.train.schedules import SCHEDULES
from glassworks.lm.train.schedules.base import ScheduleConfig
from glassworks.lm.train.schedules.warmup_stable_decay import WarmupStableDecayConfig
from glassworks.specs.base import DISPLAY_ONLY, Auto
from glassworks.specs.choice import OneOf
from glassworks.specs.keeping import KeepCheckpoints
from glassworks.specs.stage import SeededConfig


class TrainConfig(SeededConfig):
    """How a model learns, how often it is measured, and how often it is saved."""

    steps: int = Field(default=1000, ge=1, le=10**9, description="Updates of the weights, in all.")
    checkpoint_every: int = Field(
        default=200, ge=0, description="Save after every so many steps; 0 saves at the end only."
    )
    batch_size: int = Field(default=32, ge=1, description="Sequences per update.")
    accumulation: int = Field(
        default=1,
        ge=1,
        description="Compute each batch in so many pieces: less memory, the same update.",
    )
    attention_across_documents: bool = Field(
        default=False,
        description="Let a token look at the documents that stand before its own in the same window.",
    )
    clip_norm: float = Field(
        default=1.0, ge=0, description="Longest gradient; a longer one is scaled down. 0: never."
    )
    optimizer: Annotated[OptimizerConfig, OneOf(OPTIMIZERS)] = Field(
        default=MuonConfig(), description="How a gradient becomes a step."
    )
    schedule: Annotated[ScheduleConfig, OneOf(SCHEDULES)] = Field(
        default=WarmupStableDecayConfig(), description="How the step size changes over the run."
    )
    objective: Annotated[ObjectiveConfig, OneOf(OBJECTIVES)] = Field(
        default=NextTokenConfig(), description="What the model is asked to get right."
    )
    device: Device | Auto = Field(
        default="auto", description="Where to compute; auto takes the fastest there is."
    )
    dtype: DType | Auto = Field(
        default="auto", description="What to compute in; auto takes bf16 where that is fast."
    )
    threads: Annotated[int, Field(ge=1, le=1024)] | Auto = Field(
        default="auto", description="Threads of the processor; auto takes one per core."
    )
    compile: bool | Auto = Field(
        default="auto",
        description="Translate the computation into a program before the first step, which takes a while; auto does so "
        "where it pays and there is a compiler: on a GPU, and on a CPU with fast bf16 from 5,000 steps on.",
    )
    activation_checkpointing: bool = Field(
        default=False,
        json_schema_extra=DISPLAY_ONLY,
        description="Compute each layer once more on the way back: much less memory, a third more time, the same bits.",
    )
    evaluate_every: int = Field(
        default=100, ge=0, description="Measure the validation loss every so many steps; 0: never."
    )
    evaluate_tokens: int = Field(
        default=16_384, ge=1, description="Validation tokens read at each measurement."
    )
    layers_every: int = Field(
        default=100,
        ge=0,
        description="Look into each layer every so many steps, and at the first and last; 0: never.",
    )
    sample_every: int = Field(
        default=200,
        ge=0,
        description="Write a sample and look at the tracked prompts every so many steps; 0: never.",
    )
    sample_prompt: str = Field(
        default="",
        description="What the sample goes on from; empty starts a new document. Where answers are learned, a user's turn.",
    )
    sample_tokens: int = Field(default=120, ge=1, le=4096, description="Length of the sample.")
    tracked_prompts: tuple[str, ...] = Field(
        default=(), max_length=16, description="Prompts whose likeliest next tokens are recorded."
    )
    keep_states: int = Field(
        default=2,
        ge=1,
        json_schema_extra=DISPLAY_ONLY,
        description="How many saved states to keep for a resume; checkpoints are kept apart.",
    )
    keep_checkpoints: KeepCheckpoints = Field(
        default=KeepCheckpoints(),
        json_schema_extra=DISPLAY_ONLY,
        description="Which of the saved checkpoints stay.",
    )

    @model_validator(mode="after")
    def _pieces_divide_the_batch(self) -> "TrainConfig":
        if self.batch_size % self.accumulation:
            raise ValueError(
                f"{self.accumulation} pieces do not divide a batch of {self.batch_size}"
            )
        return self
