"""Import a tokenizer: what another program made in, a `tokenizer` artifact with the same ids out.

Read are a `tokenizer.json`, files of ranks, SentencePiece models and the head of a GGUF file: `lm/tokenizer/foreign`.
Unusual: planning notes a fingerprint of the files, so that changed files are imported again, and files that change in
between are refused.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from glassworks.common.errors import Conflict, GlassworksError
from glassworks.lm.tokenizer.foreign import bring_in, fingerprint_of, place_of
from glassworks.lm.tokenizer.foreign.known import KNOWN_PREFIX
from glassworks.lm.tokenizer.summary import summary_of
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.stage import Context, Port, Ports, Stage


class ImportTokenizer(Stage):
    """Bring in a tokenizer that another program made."""

    version = 1
    libraries = ("tokenizers",)

    class Config(BaseConfig):
        path: str = Field(
            default="known:bytes",
            min_length=1,
            description="A tokenizer.json, a folder with one, a file of ranks, a SentencePiece model, a GGUF file; or "
            "`known:` and a name.",
        )
        roles: dict[str, str] = Field(
            default={},
            description="Which special token plays which part, by role. Empty: as the file's settings say, else guessed "
            "by the spelling.",
        )
        fingerprint: str = Field(
            default="auto",
            description="sha256 of what is read; `auto` is replaced when the run is planned.",
        )

    class Inputs(Ports):
        pass

    class Outputs(Ports):
        tokenizer: Annotated[Path, Port("tokenizer", "the tokenizer, with the ids that it had")]

    @classmethod
    def resolve(cls, config: Any, machine: dict[str, Any]) -> Any:
        is_known = config.path.startswith(KNOWN_PREFIX)
        path = config.path if is_known else str(place_of(config.path))
        try:
            found = fingerprint_of(path)
        except GlassworksError as error:
            error.where = "path"
            raise
        return config.model_copy(update={"path": path, "fingerprint": found})

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        config = ctx.config
        ctx.progress(0, 1, "tokenizers", "reading")
        if config.fingerprint not in ("auto", fingerprint_of(config.path)):
            raise Conflict(
                "input-changed",
                f"{config.path} has changed since this run was planned.",
                "Start the run again; it will be planned with what is there now.",
                config.path,
            )
        tokenizer = bring_in(config.path, ctx.outputs.tokenizer, config.roles or None)
        ctx.summarize("tokenizer", summary_of(tokenizer))
        ctx.progress(1, 1, "tokenizers", "reading")
