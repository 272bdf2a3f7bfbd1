"""Whether a file is text that a recipe can learn from, and what is in it: `{path}` -> `{text, num_...}`.

The decisions are those of `lm/text` and of the source `text_file`, as the recipe `own-text` uses it: a file that passes
here is read there. The file is read in pieces, so it may be larger than memory.
"""

from pathlib import Path
from typing import Any

from glassworks.lm.data.sources.text_file import TextFile
from glassworks.lm.text import stream_text
from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

SHOWN_CHARACTERS = 600


class CheckText(Op):
    """Look at a text file before a run reads it. Raises BadData for what is no text, InvalidSpec for too little of it."""

    class Args(Spec):
        path: str

    def run(self, args: Args) -> dict[str, Any]:
        path = Path(args.path)
        begin, num_characters, num_lines, last = "", 0, 0, "\n"
        for text in stream_text(path):
            begin += text[: SHOWN_CHARACTERS - len(begin)]
            num_characters += len(text)
            num_lines += text.count("\n")
            last = text[-1]
        passages = TextFile.resolve(TextFile.Config(path=str(path), cut="passages"))
        return {
            "text": begin,
            "num_bytes": path.stat().st_size,
            "num_characters": num_characters,
            "num_lines": num_lines + (last != "\n"),
            "num_documents": sum(1 for _ in TextFile.read(passages).documents),
        }
