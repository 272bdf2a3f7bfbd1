"""Tests of the house itself: import rules, sizes, error pages, what no file may do."""
