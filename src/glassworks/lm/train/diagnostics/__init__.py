"""Diagnostics: one file each. A rule looks at what a run reports and says what is wrong, why, and what to change."""

from glassworks.common.registry import Registry
from glassworks.lm.train.diagnostics.base import Diagnostic

DIAGNOSTICS: Registry[type[Diagnostic]] = Registry(__name__, Diagnostic, "diagnostic")
