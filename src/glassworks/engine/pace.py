"""The environment in which a process that computes is started: the same program, faster.

In: nothing. Out: `PACE`, variables that are set where the user has not set them. They must be there before a process begins,
since the C library and the threads read them once.
"""

PACE = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
    "MALLOC_TOP_PAD_": "67108864",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "GOMP_SPINCOUNT": "3000",
}
"""Large blocks of memory stay in the process and lie on large pages; threads that wait for each other spin for a moment only
before they sleep, so that neighbors on the machine slow a run less. What it gives is measured in docs/benchmarks.md."""
