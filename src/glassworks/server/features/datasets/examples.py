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
    "leakage": {
        "run": RUN,
        "on_leak": "drop",
        "copy_threshold": 0.8,
        "found": {"validation": {"equal": 1, "near": 0}},
        "examples": [
            {
                "id": "hamlet:4",
                "part": "validation",
                "twin": {"id": "hamlet:9", "part": "train"},
                "similarity": 1.0,
                "is_equal": True,
                "text": "Who is there?",
            }
        ],
    },
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
LENGTHS: dict[str, Any] = {
    "unit": "bytes",
    "bins": [{"from_": 256, "to": 512, "count": 6_100}, {"from_": 512, "to": 1024, "count": 3_712}],
    "min": 261,
    "p10": 300,
    "median": 480,
    "p90": 890,
    "max": 1_020,
    "mean": 541.2,
}
STATISTICS: dict[str, Any] = {
    "format": 1,
    "num_documents": 9_812,
    "num_bytes": 5_310_244,
    "num_characters": 5_301_002,
    "num_words": 961_204,
    "num_groups": 38,
    "num_sources": 38,
    "sources": [{"name": "hamlet", "num_documents": 311, "num_bytes": 178_204}],
    "lengths": LENGTHS,
    "scripts": [{"name": "Latin", "share": 1.0, "num_characters": 4_012_345}],
    "characters": {
        "letters": 0.757,
        "digits": 0.001,
        "spaces": 0.189,
        "punctuation": 0.052,
        "other": 0.001,
    },
    "duplicates": {
        "exact_documents": 12,
        "exact_groups": 9,
        "near_documents": 31,
        "near_share": 0.003,
        "is_estimate": False,
        "sampled_documents": 9_800,
    },
    "ngrams": {
        "words": [{"text": "the", "count": 29_410}],
        "pairs": [{"text": "my lord", "count": 1_622}],
        "triples": [{"text": "my good lord", "count": 181}],
        "is_estimate": False,
    },
    "tokens": {
        "tokenizer": RAW,
        "num_tokens": 1_402_331,
        "bytes_per_token": 3.79,
        "lengths": {**LENGTHS, "unit": "tokens"},
    },
    "kinds": {"text": 9_812, "chat": 0},
    "has_more": [],
}
MATCH: dict[str, Any] = {
    "ordinal": 12,
    "id": "hamlet:12",
    "source": "hamlet",
    "group": "hamlet",
    "num_bytes": 480,
    "num_characters": 478,
    "start": 96,
    "text": "O, that this too too solid flesh would melt",
    "marks": [[21, 26]],
}
SIDE: dict[str, Any] = {
    "label": "dataset/plays@1",
    "artifact": RAW,
    "num_documents": 9_800,
    "num_bytes": 5_300_000,
}
SHOWN: dict[str, Any] = {
    "ordinal": 7,
    "id": "hamlet:7",
    "source": "hamlet",
    "num_bytes": 13,
    "text": "Who is there?",
    "is_cut": False,
}
DIFFERENCE: dict[str, Any] = {
    "before": SIDE,
    "after": {
        "label": "dataset/plays@2",
        "artifact": ARTIFACT,
        "num_documents": 9_812,
        "num_bytes": 5_310_244,
    },
    "added": 14,
    "removed": 2,
    "changed": 1,
    "renamed": 1,
    "same": 9_796,
    "num_bytes_before": 5_300_000,
    "num_bytes_after": 5_310_244,
    "examples": {
        "added": [SHOWN],
        "removed": [SHOWN],
        "changed": [
            {
                "id": "hamlet:9",
                "source": "hamlet",
                "ordinal_before": 9,
                "ordinal_after": 9,
                "start": 0,
                "before": "A peece of him.",
                "after": "A piece of him.",
            }
        ],
        "renamed": [
            {"ordinal_before": 3, "ordinal_after": 4, "before": "a.txt", "after": "plays/a.txt"}
        ],
    },
}
DELETED: dict[str, Any] = {
    "name": "plays",
    "project": "default",
    "versions": [1],
    "artifacts": [RAW],
    "freed_bytes": 1_904_113,
}
INSPECT: dict[str, Any] = {"upload": "4f1c9b2e77a01d35", "settings": {}}
INSPECTED: dict[str, Any] = {
    "num_files": 1,
    "files": [
        {
            "name": "tickets.jsonl",
            "size_bytes": 51_200,
            "format": "jsonl",
            "title": "JSON lines",
            "num_documents": 120,
            "is_whole": True,
            "estimated_documents": 120,
            "num_characters": 48_000,
            "text": "The lehr is cold.",
            "mapping": {
                "layout": "text",
                "text": "body",
                "messages": "",
                "prompt": "",
                "context": "",
                "completion": "",
                "name": "id",
                "group": "",
            },
            "columns": ["id", "body"],
            "rows": [{"id": "1", "body": "The lehr is cold."}],
        }
    ],
}
