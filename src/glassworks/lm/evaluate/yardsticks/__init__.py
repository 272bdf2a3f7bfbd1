"""Yardsticks: what simple models reach on the same tokens, one file each."""

from glassworks.common.registry import Registry
from glassworks.lm.evaluate.yardsticks.base import Yardstick

YARDSTICKS: Registry[type[Yardstick]] = Registry(
    "glassworks.lm.evaluate.yardsticks", Yardstick, "yardstick"
)
