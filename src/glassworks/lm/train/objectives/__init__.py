"""Objectives: one file each. What the model is asked to get right, as a loss."""

from glassworks.common.registry import Registry
from glassworks.lm.train.objectives.base import Objective

OBJECTIVES: Registry[type[Objective]] = Registry(__name__, Objective, "objective")
