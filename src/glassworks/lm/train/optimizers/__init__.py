"""Optimizers: one file each. A gradient in, a step out."""

from glassworks.common.registry import Registry
from glassworks.lm.train.optimizers.base import Optimizer

OPTIMIZERS: Registry[type[Optimizer]] = Registry(__name__, Optimizer, "optimizer")
