"""The model: an architecture document, exchangeable components, the transformer that they make."""
