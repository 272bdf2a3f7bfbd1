"""Extend a tokenizer: special tokens and a chat template added to one that is there. All its ids stay.

In: a tokenizer. Out: a longer one, which says what it has grown from. A model of the first goes on with the second by
`train_model` with `init_from`; its embedding then grows by the new ids.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from glassworks.lm.tokenizer.extending import extend_tokenizer
from glassworks.lm.tokenizer.summary import summary_of
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.stage import Context, Port, Ports, Stage


class ExtendTokenizer(Stage):
    """Give a tokenizer more special tokens and a chat template."""

    version = 1
    libraries = ("jinja2", "tokenizers")

    class Config(BaseConfig):
        special_tokens: dict[str, str] = Field(
            default={
                "user": "<|user|>",
                "assistant": "<|assistant|>",
                "system": "<|system|>",
                "tool": "<|tool|>",
            },
            description="Special tokens to add, by role: what each is called when it is shown.",
        )
        chat_template: str = Field(
            default="",
            description="How a conversation is written, in Jinja. Empty: as before; where there was no "
            "template, a plain one, if the tokenizer has the roles user, assistant and end.",
        )

    class Inputs(Ports):
        tokenizer: Annotated[Path, Port("tokenizer", "the tokenizer to add to")]

    class Outputs(Ports):
        tokenizer: Annotated[Path, Port("tokenizer", "the same with new ids at the end")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        ctx.progress(0, 1, "tokenizers", "extending")
        longer = extend_tokenizer(
            ctx.inputs.tokenizer,
            ctx.outputs.tokenizer,
            ctx.config.special_tokens,
            ctx.config.chat_template,
            ctx.input_ids.get("tokenizer", ""),
        )
        num_new = longer.vocab_size - longer.grown_from[-1].vocab_size
        ctx.summarize("tokenizer", {**summary_of(longer), "num_new": num_new})
        ctx.progress(1, 1, "tokenizers", "extending")
