"""The benchmarks run and report what they say; no time is asserted."""
