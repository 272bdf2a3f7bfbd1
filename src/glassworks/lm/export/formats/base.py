"""The contract of an export format: a checkpoint folder and a tokenizer folder in, files for another program out."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from glassworks.specs.base import Config


class ExportFormatConfig(Config):
    """Settings of one format; each sets `kind` to its file's name."""

    kind: str = ""


class ExportFormat(ABC):
    Config: ClassVar[type[ExportFormatConfig]]

    @abstractmethod
    def __init__(self, config: Any) -> None: ...

    @abstractmethod
    def write(self, checkpoint: Path, tokenizer: Path, target: Path) -> dict[str, Any]:
        """Fill the empty folder `target`; returns the few figures that describe the export.

        Raises InvalidSpec, naming the field, where the target's programs have no such model.
        """
