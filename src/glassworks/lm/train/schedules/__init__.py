"""Schedules: one file each. How large the steps are over the time of a run."""

from glassworks.common.registry import Registry
from glassworks.lm.train.schedules.base import Schedule

SCHEDULES: Registry[type[Schedule]] = Registry(__name__, Schedule, "schedule")
