"""What differs between two datasets: `{before, after, limit}` -> `{added, removed, changed, renamed, same, ..., examples}`.

`before` and `after` are folders; `limit` examples of each kind are shown.
"""

from pathlib import Path
from typing import Any

from pydantic import Field

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op


class CompareDatasets(Op):
    """Match documents by id, then by text, and count. Raises NotFound (no dataset), BadData (a damaged table)."""

    class Args(Spec):
        before: str
        after: str
        limit: int = Field(default=5, ge=0, le=50)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.data import DatasetReader
        from glassworks.lm.data.comparing import compare

        return compare(
            DatasetReader(Path(args.before)), DatasetReader(Path(args.after)), args.limit
        )
