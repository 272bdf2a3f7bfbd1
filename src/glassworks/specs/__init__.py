"""The vocabulary: frozen pydantic types of the six nouns and the event union. Standard library and pydantic only."""
