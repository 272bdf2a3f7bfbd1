"""A dataset as a file on standard output: what downloads and `glassworks dataset export` read from.

In: the folder of a dataset and a format. Out: the bytes, as fast as they are taken; an exit code. What went wrong is the last line
of standard error, as JSON. A process of its own, so that a long download keeps nobody waiting who asks the helper.
"""

import os
import sys
from pathlib import Path

from glassworks.common.errors import GlassworksError
from glassworks.common.hashing import canonical_json
from glassworks.specs.order import EXIT_DONE, EXIT_FAILED

BUFFER_BYTES = 1 << 20


def export_dataset(folder: Path, format_: str) -> int:
    """Write it; returns the exit code."""
    from glassworks.lm.data import DatasetReader
    from glassworks.lm.data.exporting import EXPORTS

    try:
        with os.fdopen(os.dup(1), "wb", BUFFER_BYTES) as out:
            EXPORTS[format_](DatasetReader(folder), out)
    except BrokenPipeError:  # nobody wants the rest
        return EXIT_FAILED
    except GlassworksError as error:
        sys.stderr.write(canonical_json(error.to_dict()) + "\n")
        return EXIT_FAILED
    return EXIT_DONE
