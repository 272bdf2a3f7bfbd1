"""An architecture from text: `{text}` -> `{document, format, notes}`; YAML, our JSON or a hub's `config.json`."""

from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

MAX_CHARACTERS = 200_000


class ArchitectureImport(Op):
    """Read an architecture in whichever form it is written."""

    class Args(Spec):
        text: str = Field(max_length=MAX_CHARACTERS)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.export.reading import read_text

        return read_text(args.text).to_json()
