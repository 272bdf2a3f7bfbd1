"""Notices: what a person should hear of though they looked elsewhere."""
