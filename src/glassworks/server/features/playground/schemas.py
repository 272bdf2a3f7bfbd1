"""What the playground takes and answers. Probabilities are the model's own, before sampling; surprise is in nats."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel, model_validator

from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.server.http.problems import ProblemView
from glassworks.specs.base import Spec

MAX_PROMPT_TOKENS = 65_536
MAX_TURNS = 1000
MAX_TURN = 200_000
SOURCE: dict[str, Any] = {
    "ref": "r4k7m2p9xq:latest",
    "label": "first-model, step 400",
    "checkpoint": "5c08e7a1",
    "run": "r4k7m2p9xq",
    "step": 400,
    "run_step": 437,
}
MODEL: dict[str, Any] = {
    "ref": "model/first-model@2",
    "label": "first-model@2",
    "kind": "version",
    "run": "r4k7m2p9xq",
    "step": 1200,
    "is_live": False,
    "status": "done",
    "checkpoint": "5c08e7a1",
    "has_chat_template": False,
    "validation_loss": 3.61,
    "bits_per_byte": 1.98,
    "created_at": "2026-03-01T12:00:00.000000Z",
}


class ModelView(Spec):
    """Something that can write: a version of a model, a checkpoint of a run, or the newest of a run that is not over.

    `ref` is what to ask for; of a live one it is `<run>:latest` and stands for another checkpoint as soon as there is one.
    """

    ref: str
    label: str
    kind: Literal["version", "checkpoint"]
    run: str | None
    step: int | None
    is_live: bool = False
    status: str | None = None
    checkpoint: str
    has_chat_template: bool = False
    validation_loss: float | None = None
    bits_per_byte: float | None = None
    created_at: str


class ModelList(Spec):
    """Live ones first, then versions, then checkpoints of the newest runs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [MODEL]}]})

    items: tuple[ModelView, ...]


class SourceView(Spec):
    """Exactly which checkpoint answers, and the step that its run has reached by now."""

    ref: str
    label: str
    checkpoint: str
    run: str | None
    step: int
    run_step: int | None


class SamplingSettings(Spec):
    """Settings of one sample, as `glassworks generate` takes them; what is left out has its usual value."""

    temperature: float | None = Field(default=None, ge=0, le=10, examples=[0.8])
    top_k: int | None = Field(default=None, ge=0, examples=[40])
    top_p: float | None = Field(default=None, gt=0, le=1, examples=[0.92])
    min_p: float | None = Field(default=None, ge=0, le=1, examples=[0.05])
    repetition_penalty: float | None = Field(default=None, gt=0, le=10, examples=[1.1])
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2, examples=[0.0])
    presence_penalty: float | None = Field(default=None, ge=-2, le=2, examples=[0.0])
    seed: int | None = Field(default=None, ge=0, lt=2**31, examples=[7])
    max_tokens: int | None = Field(default=None, ge=1, examples=[120])
    stop: tuple[str, ...] | None = Field(default=None, max_length=16, examples=[["JULIET"]])

    def given(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)


class MessageAsk(Spec):
    """A turn of a conversation."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str = Field(max_length=MAX_TURN)


class PromptAsk(Spec):
    """A model and what stands before the next token: a text, exact tokens (to branch inside of an answer), or a conversation.

    A conversation is written by the chat template of the model's tokenizer; `has_chat_template` says whether there is one.
    """

    ref: str = Field(max_length=200, examples=["first-model"])
    project: str = Field(default=DEFAULT_PROJECT, examples=[DEFAULT_PROJECT])
    prompt: str | None = Field(default=None, examples=["HAMLET\n"])
    prompt_ids: tuple[int, ...] | None = Field(default=None, max_length=MAX_PROMPT_TOKENS)

    messages: tuple[MessageAsk, ...] | None = Field(
        default=None, min_length=1, max_length=MAX_TURNS
    )

    @model_validator(mode="after")
    def _is_one(self) -> "PromptAsk":
        if [self.prompt, self.prompt_ids, self.messages].count(None) != 2:
            raise ValueError("give `prompt`, `prompt_ids` or `messages`, one of them")
        return self

    def fields(self) -> dict[str, Any]:
        """The prompt as the model's process takes it."""
        if self.messages is not None:
            return {"messages": [turn.model_dump() for turn in self.messages]}
        if self.prompt_ids is not None:
            return {"prompt_ids": list(self.prompt_ids)}
        return {"prompt": self.prompt}


class GenerateAsk(PromptAsk):
    """`alternatives`: how many of the likeliest tokens are told at each place."""

    settings: SamplingSettings = SamplingSettings()
    alternatives: int = Field(default=5, ge=0, le=20)


class TokensAsk(Spec):
    ref: str = Field(max_length=200, examples=["first-model"])
    project: str = Field(default=DEFAULT_PROJECT, examples=[DEFAULT_PROJECT])
    text: str = Field(examples=["To be, or not to be"])


class WarmAsk(Spec):
    """A model that is going to be asked soon."""

    ref: str = Field(max_length=200, examples=["first-model"])
    project: str = Field(default=DEFAULT_PROJECT, examples=[DEFAULT_PROJECT])


class AlternativeView(Spec):
    id: int
    text: str
    probability: float


class StartedFrame(Spec):
    """The first line of an answer."""

    type: Literal["started"] = "started"
    model: SourceView
    prompt_ids: tuple[int, ...]
    prompt_pieces: tuple[str, ...]


class TokenFrame(Spec):
    """A token whose text is certain; the texts put together are the answer."""

    type: Literal["token"] = "token"
    id: int
    text: str
    probability: float
    surprise: float
    alternatives: tuple[AlternativeView, ...]


class DoneFrame(Spec):
    """The last line. `finish_reason`: `length`, `stop` (a stop text came) or `end` (the model ended the document)."""

    type: Literal["done"] = "done"
    finish_reason: str
    num_tokens: int
    tokens_per_s: float
    duration_s: float


class ErrorFrame(Spec):
    """The last line of an answer that broke off."""

    type: Literal["error"] = "error"
    problem: ProblemView


class GenerateFrame(
    RootModel[
        Annotated[StartedFrame | TokenFrame | DoneFrame | ErrorFrame, Field(discriminator="type")]
    ]
):
    """One line of an answer (`application/x-ndjson`)."""


class NextView(Spec):
    """What comes next, before any setting: the logits of the whole vocabulary.

    `logits`: base64 of float32, little-endian, `vocab_size` of them. `pieces`: id -> text of the 256 likeliest.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": SOURCE,
                    "prompt_ids": [41, 7],
                    "prompt_pieces": ["HAMLET", "\n"],
                    "vocab_size": 2048,
                    "logits": "AACAPw==",
                    "pieces": {"12": "To"},
                }
            ]
        }
    )

    model: SourceView
    prompt_ids: tuple[int, ...]
    prompt_pieces: tuple[str, ...]
    vocab_size: int
    logits: str
    pieces: dict[str, str]


class TokensView(Spec):
    """A text cut into tokens, and how surprised the model is by each; null where nothing stands before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ids": [41], "pieces": ["To"], "nats": [4.2]}]}
    )

    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    nats: tuple[float | None, ...]


class LeaseView(Spec):
    """A time in which a model was asked and so took a thread from what trains; `ended_at` null: still.

    `from_step`, `to_step`: where the training stood, in steps, between what its progress told.
    """

    id: int
    ref: str
    label: str
    checkpoint: str
    run: str | None
    started_at: str
    ended_at: str | None
    from_step: float | None = None
    to_step: float | None = None


class LeaseList(Spec):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": 3,
                            "ref": "first-model",
                            "label": "first-model@2",
                            "checkpoint": "5c08e7a1",
                            "run": "r4k7m2p9xq",
                            "started_at": "2026-03-01T12:00:00.000000Z",
                            "ended_at": "2026-03-01T12:00:01.400000Z",
                            "from_step": 212.4,
                            "to_step": 214.9,
                        }
                    ]
                }
            ]
        }
    )

    items: tuple[LeaseView, ...]
