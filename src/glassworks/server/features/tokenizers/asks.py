"""What the calls about tokenizers take. `ref`: `tokenizer/plays`, `plays@2`, a model's name, an artifact's id, or `known:gpt2`.

A path of this machine is no reference. How long a text may be, the helper says (`text-too-long`, `trace-too-long`).
"""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.features.tokenizers import examples
from glassworks.specs.base import Spec

MAX_IDS = 100_000
MAX_TEXTS = 1_000
Ref = Annotated[str, Field(min_length=1, max_length=200, examples=[examples.REF])]
DatasetRef = Annotated[str, Field(min_length=1, max_length=200, examples=[examples.DATASET])]


class TokenizerAsk(Spec):
    ref: Ref
    project: str = Field(default=DEFAULT_PROJECT, max_length=100, examples=[DEFAULT_PROJECT])


class EncodeAsk(TokenizerAsk):
    """`allow_special`: spellings of special tokens in the text become those tokens."""

    text: str = Field(examples=["the"])
    allow_special: bool = False


class DecodeAsk(TokenizerAsk):
    ids: tuple[int, ...] = Field(max_length=MAX_IDS, examples=[[301]])


class TraceAsk(TokenizerAsk):
    """`dataset`: where it is counted how often each merge is made."""

    text: str = Field(examples=["the"])
    dataset: DatasetRef | None = None


class CompareAsk(Spec):
    """Two to four tokenizers; ratios are to the first. `has_probes`: also on the texts that every installation has."""

    refs: tuple[Ref, ...] = Field(
        min_length=2, max_length=4, examples=[[examples.REF, "known:bytes"]]
    )
    project: str = Field(default=DEFAULT_PROJECT, max_length=100, examples=[DEFAULT_PROJECT])
    texts: tuple[str, ...] = Field(default=(), max_length=MAX_TEXTS, examples=[["To be"]])
    has_probes: bool = False

    @model_validator(mode="after")
    def _are_different(self) -> "CompareAsk":
        if len(set(self.refs)) < len(self.refs):
            raise ValueError("give each tokenizer once")
        return self


class WhatIfAsk(TokenizerAsk):
    """`dataset`: left out, the one that the tokenizer was learned from. `sizes` beyond the tokenizer's own have no row.

    `width`, `is_tied`, `body_parameters`: the model's width, whether embedding and head are one, its other parameters.
    """

    dataset: DatasetRef | None = None
    sizes: tuple[int, ...] = Field(min_length=1, max_length=200, examples=[[512, 1024, 2048]])
    width: int = Field(default=128, ge=1, le=65_536, examples=[128])
    is_tied: bool = True
    body_parameters: int = Field(default=0, ge=0, examples=[800_000])


class MessageAsk(Spec):
    """One turn: `role` is system, user, assistant or tool; `tool_calls` as in the OpenAI interface."""

    role: str = Field(max_length=40, examples=["user"])
    content: str = Field(examples=["What is glass?"])
    name: str | None = Field(default=None, max_length=200)
    tool_calls: tuple[dict[str, Any], ...] | None = Field(default=None, max_length=100)


class ChatAsk(TokenizerAsk):
    """`template`, `special_tokens` (role -> spelling): tried on a copy, nothing is saved.

    Left out, the tokenizer's own template, or ours where it has none.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHAT_ASK]})

    messages: tuple[MessageAsk, ...] = Field(max_length=200)
    template: str | None = Field(default=None, max_length=100_000)
    special_tokens: dict[str, str] = Field(default={}, max_length=100)
    add_generation_prompt: bool = False
