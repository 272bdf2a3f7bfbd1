"""Reading the recorded run that ships in the package (written by `tools/record_sample_run.py`)."""

from functools import cache
from importlib.resources import files

from glassworks.common.errors import NotFound

SAMPLE = "first-model"


@cache
def sample_run() -> bytes:
    """The record as it lies in the package: JSON in UTF-8. Raises NotFound where it was left out."""
    file = files("glassworks.content") / "samples" / f"{SAMPLE}.json"
    if not file.is_file():
        raise NotFound(
            "no-sample-run",
            "This installation has no recorded run.",
            "`tools/record_sample_run.py` records one.",
        )
    return file.read_bytes()
