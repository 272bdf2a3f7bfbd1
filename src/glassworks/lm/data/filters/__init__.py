"""Ways to clean documents, one file each: they change a document, or take it out and say why."""

from glassworks.common.registry import Registry
from glassworks.lm.data.filters.base import Changed, ComparingFilter, Filter, Removed, Twin, Verdict

FILTERS: Registry[type[Filter]] = Registry("glassworks.lm.data.filters", Filter, "filter")

__all__ = ["FILTERS", "Changed", "ComparingFilter", "Filter", "Removed", "Twin", "Verdict"]
