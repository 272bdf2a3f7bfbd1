"""Scorers: how answers to questions are judged, one file each."""

from glassworks.common.registry import Registry
from glassworks.lm.evaluate.scorers.base import Scorer

SCORERS: Registry[type[Scorer]] = Registry("glassworks.lm.evaluate.scorers", Scorer, "scorer")
