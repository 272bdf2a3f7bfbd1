"""Memory in use while training."""

from glassworks.specs.metric import MetricSpec

METRIC = MetricSpec(
    label="Memory",
    unit="bytes",
    description="Memory in use after the step: of the device where it has its own, else of the process.",
    formula="resident set size, or bytes allocated on the device",
    source="The operating system, or the device allocator.",
    cadence="step",
    decimals=0,
    is_lower_better=True,
    healthy="Flat after the first steps.",
)
