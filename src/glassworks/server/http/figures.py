"""The figures of `/metrics`, in the form of Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "glassworks_requests_total", "Requests.", ["method", "route", "status"], registry=REGISTRY
)
DURATIONS = Histogram(
    "glassworks_request_seconds", "Time to answer.", ["method", "route"], registry=REGISTRY
)
VIEWERS = Gauge("glassworks_live_viewers", "Connections to the live stream.", registry=REGISTRY)
RUNS = Gauge("glassworks_runs", "Flow runs by status.", ["status"], registry=REGISTRY)
