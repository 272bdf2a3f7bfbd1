"""Ways to hold documents out for validation, one file each. Groups are never torn apart."""

from glassworks.common.registry import Registry
from glassworks.lm.data.splits.base import Split

SPLITS: Registry[type[Split]] = Registry("glassworks.lm.data.splits", Split, "split")
