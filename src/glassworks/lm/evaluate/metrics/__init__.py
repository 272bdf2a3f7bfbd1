"""Metrics: what each number means, one file each. Every screen that shows a number takes its words from here."""

from glassworks.common.registry import Registry
from glassworks.specs.metric import MetricSpec

METRICS: Registry[MetricSpec] = Registry("glassworks.lm.evaluate.metrics", MetricSpec, "metric")
