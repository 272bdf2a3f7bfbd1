"""Models for other programs: export formats, and the model families of the hub's layout."""

from glassworks.lm.export.formats import FORMATS
from glassworks.lm.export.formats.base import ExportFormat, ExportFormatConfig

__all__ = ["FORMATS", "ExportFormat", "ExportFormatConfig"]
