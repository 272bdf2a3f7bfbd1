"""One example of each answer, written once."""

from typing import Any

ARTIFACT, RAW = "4f1c" * 16, "9b2e" * 16
RUN, FLOW = "r4k7m2p9xq", "r9d3w8c1vt"
TIME = "2026-03-01T12:00:00.000000Z"
FIGURES: dict[str, Any] = {
    "artifact": ARTIFACT,
    "num_documents": 9_812,
    "num_bytes": 5_310_244,
    "size_bytes": 1_904_113,
    "is_present": True,
}
DATASET: dict[str, Any] = {
    **FIGURES,
    "name": "plays",
    "project": "default",
    "version": 2,
    "created_at": TIME,
    "run": RUN,
    "note": "",
    "description": None,
}
STEP: dict[str, Any] = {
    "stage": "clean_dataset",
    "run": RUN,
    "flow_run": FLOW,
    "created_at": TIME,
    "settings": {"steps": "normalize_unicode, exact_duplicates"},
    "output": "dataset",
    "inputs": [RAW],
    "artifact": ARTIFACT,
    "documents_before": 9_900,
    "documents_after": 9_812,
    "bytes_before": 5_330_000,
    "bytes_after": 5_310_244,
    "is_present": True,
}
CLEANING: dict[str, Any] = {
    "artifact": ARTIFACT,
    "run": RUN,
    "steps": [
        {
            "kind": "exact_duplicates",
            "settings": {},
            "before": {"documents": 9_900, "bytes": 5_330_000},
            "after": {"documents": 9_812, "bytes": 5_310_244},
            "changed": 0,
            "removed": 88,
            "samples": [
                {
                    "id": "hamlet:12",
                    "source": "hamlet",
                    "place": "act 1",
                    "text": "Exeunt.",
                    "reason": "the same text stands in hamlet:4",
                    "span": None,
                    "becomes": None,
                    "twin": {"id": "hamlet:4", "similarity": 1.0},
                }
            ],
        }
    ],
}
DETAIL: dict[str, Any] = {
    **FIGURES,
    "label": "dataset/plays@2",
    "name": "plays",
    "project": "default",
    "version": 2,
    "created_at": TIME,
    "run": RUN,
    "versions": [{**FIGURES, "number": 2, "created_at": TIME, "run": RUN, "note": ""}],
    "aliases": {"best": 2},
    "lineage": [STEP],
    "cleaning": CLEANING,
    "parts": [{**FIGURES, "part": "train", "run": RUN}],
    "description": None,
    "used_by": {
        "runs": [{"run": FLOW, "name": "bard", "status": "done", "stages": ["split_dataset"]}],
        "items": [{"kind": "model", "name": "bard", "project": "default", "version": 1}],
    },
}
DOCUMENTS: dict[str, Any] = {
    "artifact": ARTIFACT,
    "num_documents": 9_812,
    "documents": [
        {
            "ordinal": 0,
            "id": "hamlet:0",
            "source": "hamlet",
            "group": "hamlet",
            "num_bytes": 13,
            "num_characters": 13,
            "text": "Who is there?",
            "is_cut": False,
            "meta": {"place": "act 1"},
        }
    ],
}
