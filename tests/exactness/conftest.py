"""The seed of the kills: another one each time, always printed; `GLASSWORKS_SEED` repeats one."""

import os
import secrets
import sys

import pytest


@pytest.fixture
def seed(capsys: pytest.CaptureFixture[str]) -> int:
    number = int(os.environ.get("GLASSWORKS_SEED") or secrets.randbelow(10**6))
    with capsys.disabled():
        sys.stdout.write(f"\n  GLASSWORKS_SEED={number}\n")
    return number
