"""An architecture as text: `{document, format, vocab_size}` -> `{text, name}`; yaml, json, or the hub's `config.json`."""

from typing import Any, Literal

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

NAMES = {"yaml": "architecture.yaml", "json": "architecture.json", "hub": "config.json"}


class ArchitectureExport(Op):
    """Write an architecture for people, for programs, or for the transformers library."""

    class Args(Spec):
        document: dict[str, Any]
        format: Literal["yaml", "json", "hub"] = "yaml"
        vocab_size: int | None = Field(default=None, ge=2, le=2_000_000)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.export.reading import write_text
        from glassworks.lm.model.architecture import parse_architecture

        architecture = parse_architecture(args.document)
        if args.vocab_size is not None:
            architecture = architecture.with_vocab_size(args.vocab_size)
        return {"text": write_text(architecture, args.format), "name": NAMES[args.format]}
