"""Layouts that other programs load: one file per format. `FORMATS` lists them."""

from glassworks.common.registry import Registry
from glassworks.lm.export.formats.base import ExportFormat

FORMATS: Registry[type[ExportFormat]] = Registry(__name__, ExportFormat, "export format")
