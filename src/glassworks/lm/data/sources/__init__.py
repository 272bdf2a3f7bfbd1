"""Where documents come from, one file each."""

from glassworks.common.registry import Registry
from glassworks.lm.data.sources.base import Source

SOURCES: Registry[type[Source]] = Registry("glassworks.lm.data.sources", Source, "text source")
