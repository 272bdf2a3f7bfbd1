"""What is in files before they are imported: `{path, settings, offset, limit}` -> `{num_files, files}`.

`settings` are those of the source `files`, as a person has them now (mappings, cut, what is left out).
"""

from typing import Any

from pydantic import Field, ValidationError

from glassworks.specs.base import Spec, invalid_spec
from glassworks.worker.ops.base import Op


class InspectSource(Op):
    """Look into files, a folder or an archive. Raises NotFound, Forbidden, BadData, InvalidSpec."""

    class Args(Spec):
        path: str
        settings: dict[str, Any] = Field(default_factory=dict)
        offset: int = Field(default=0, ge=0)
        limit: int = Field(default=50, ge=1, le=200)

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.data.inspect import inspect
        from glassworks.lm.data.sources.files import Files

        try:
            config = Files.Config(**{**args.settings, "path": args.path})
        except ValidationError as error:
            raise invalid_spec(error, "settings") from error
        num_files, files = inspect(config, args.offset, args.limit)
        return {"num_files": num_files, "files": [one.model_dump(mode="json") for one in files]}
