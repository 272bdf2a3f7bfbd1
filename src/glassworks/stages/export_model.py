"""Export: a checkpoint and its tokenizer in, a folder in another program's layout out."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint.files import read_about
from glassworks.lm.export import FORMATS, ExportFormatConfig
from glassworks.lm.export.formats.hub import HubConfig
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.stage import Context, Port, Ports, Stage


class ExportModel(Stage):
    """Write a model in a layout that another program loads."""

    version = 1
    libraries = ("safetensors",)

    class Config(BaseConfig):
        format: Annotated[ExportFormatConfig, OneOf(FORMATS)] = Field(
            default=HubConfig(), description="The layout, and its settings."
        )

    class Inputs(Ports):
        checkpoint: Annotated[Path, Port("checkpoint", "the model")]
        tokenizer: Annotated[Path, Port("tokenizer", "the tokenizer that it was trained with")]

    class Outputs(Ports):
        export: Annotated[Path, Port("export", "the folder to load elsewhere")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        settings: Any = ctx.config.format
        _check_tokenizer(ctx.inputs.checkpoint, ctx.input_ids.get("tokenizer", ""))
        ctx.progress(0, 1, "models", "exporting")
        make = FORMATS.load(settings.kind)
        figures = make(settings).write(
            ctx.inputs.checkpoint, ctx.inputs.tokenizer, ctx.outputs.export
        )
        ctx.summarize("export", figures)
        ctx.progress(1, 1, "models", "exporting")


def _check_tokenizer(checkpoint: Path, given: str) -> None:
    """A model speaks through one tokenizer; another one of the same size would give silent nonsense."""
    expected = read_about(checkpoint)[1]
    if given and expected and given != expected:
        raise InvalidSpec(
            "wrong-tokenizer",
            f"The model was trained with the tokenizer {expected[:12]}, not with {given[:12]}.",
            "Connect the tokenizer that the model was trained with.",
            "tokenizer",
        )
