"""Writing with a model: probabilities from logits, one token after another, as a stream of text."""
