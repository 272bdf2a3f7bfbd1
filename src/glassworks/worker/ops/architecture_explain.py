"""An architecture part by part: `{document, vocab_size, context}` -> figures and parts, or what is wrong with it.

Unusual: what cannot be built is an answer too (`problems`), for a form asks while a person still types.
"""

from typing import Any

from pydantic import Field

from glassworks.common.errors import GlassworksError
from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

ASSUMED_VOCAB_SIZE = 4096
NOTHING = (
    "parameters",
    "embedding_parameters",
    "flops_per_token",
    "training_flops_per_token",
    "cache_bytes_per_token",
    "weight_bytes",
    "kept_per_token",
    "blocks",
    "parts",
)


class ArchitectureExplain(Op):
    """Explain every part of an architecture: purpose, formula, shapes, cost."""

    class Args(Spec):
        document: dict[str, Any]
        vocab_size: int | None = Field(default=None, ge=2, le=2_000_000)
        context: int | None = Field(default=None, ge=2, le=1_048_576)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.model.architecture import parse_architecture
        from glassworks.lm.model.parts import explain

        document = {**args.document, **({"context": args.context} if args.context else {})}
        try:
            architecture = parse_architecture(document)
            size = architecture.vocab_size or args.vocab_size
            explained = explain(architecture.with_vocab_size(size or ASSUMED_VOCAB_SIZE))
        except GlassworksError as error:
            problem = {"message": error.message, "hint": error.hint, "where": error.where}
            nothing = dict.fromkeys(NOTHING)
            return {"document": None, "problems": [problem], "vocab_size": None, **nothing} | {
                "is_vocab_assumed": False
            }
        return {
            "document": architecture.to_json(),
            "problems": [],
            "vocab_size": size or ASSUMED_VOCAB_SIZE,
            "is_vocab_assumed": size is None,
            **explained.to_json(),
        }
