"""Statistics of a dataset: sizes, scripts, frequent words, copies, tokens. `collecting.py` is where to begin reading."""

from glassworks.lm.data.statistics.collecting import Statistics

__all__ = ["Statistics"]
