"""The language-model library: plain functions and modules, from text to a model that writes."""
