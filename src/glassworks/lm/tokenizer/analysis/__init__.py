"""Looking into tokenizers: what happened to a sentence, two to four side by side, the vocabulary, and what if it were larger.

Pure functions; results are frozen and turn into JSON by `to_json()`.
"""
