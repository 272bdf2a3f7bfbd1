"""Identifiers. A run's id is `r` + 9 random characters; an artifact's id is 64 hex digits, so the two never collide."""

import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32, lower case: no i, l, o, u
RUN_ID = re.compile(rf"r[{ALPHABET}]{{9}}")
ARTIFACT_ID = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def new_run_id() -> str:
    """A fresh run id, e.g. `r4k7m2p9xq`: 45 random bits."""
    return "r" + "".join(secrets.choice(ALPHABET) for _ in range(9))


def is_run_id(text: str) -> bool:
    return RUN_ID.fullmatch(text) is not None


def is_artifact_id(text: str) -> bool:
    return ARTIFACT_ID.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether `text` may name an item, a run or a project: lower case, digits, `.`, `_`, `-`, at most 63 characters."""
    return NAME.fullmatch(text) is not None
