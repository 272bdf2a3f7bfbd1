"""The model: an architecture document, exchangeable components, and the transformer that they make."""
